// SPDX-License-Identifier: BSD-3-Clause
#include "quantile_groups.hpp"

#include "ionsift/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ionsift::learn {

std::vector<std::vector<std::size_t>> quantile_groups(std::span<const double> values, int groups) {
  IONSIFT_VALIDATE(groups >= 1, usage, fmt::format("{} groups were requested", groups),
                   "structures are divided into at least one", "Ask for some five or ten.");
  IONSIFT_VALIDATE(std::none_of(values.begin(), values.end(), [](double v) { return std::isnan(v); }), data,
                   "a value to group structures by is not a number", "it cannot be ordered",
                   "Leave its structure out.");
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t(0));
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return values[a] < values[b]; });

  std::vector<std::vector<std::size_t>> result;
  const auto wanted = static_cast<std::size_t>(groups);
  std::size_t begin = 0;
  for (std::size_t g = 1; g <= wanted; ++g) {
    std::size_t end = std::max(begin, g * order.size() / wanted);
    while (end > begin && end < order.size() && values[order[end]] == values[order[end - 1]]) {
      ++end;
    }
    if (end > begin) {
      result.emplace_back(order.begin() + static_cast<std::ptrdiff_t>(begin),
                          order.begin() + static_cast<std::ptrdiff_t>(end));
      begin = end;
    }
  }
  return result;
}

} // namespace ionsift::learn
