// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/search/asha.hpp"

#include "ionsift/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>

namespace ionsift::learn {

AshaStopper::AshaStopper(const AshaOptions& options) : factor_(options.factor) {
  IONSIFT_VALIDATE(options.grace >= 1 && options.epochs >= options.grace && options.factor >= 2, usage,
                   fmt::format("halving with a grace of {} epochs, {} at most and a factor of {}",
                               options.grace, options.epochs, options.factor),
                   "grace is at least 1 and at most the number of epochs, the factor at least 2",
                   "Correct them.");
  for (std::int64_t rung = options.grace; rung < options.epochs; rung *= options.factor) {
    rungs_.push_back(static_cast<int>(rung));
  }
  reached_.resize(rungs_.size());
}

bool AshaStopper::report(std::size_t rung, double value) {
  const bool is_nan = std::isnan(value);
  if (is_nan) {
    value = -std::numeric_limits<double>::infinity();
  }
  auto& reached = reached_[rung];
  const auto place = std::upper_bound(reached.begin(), reached.end(), value, std::greater<>());
  const auto better = static_cast<std::size_t>(place - reached.begin());
  reached.insert(place, value);
  const auto pass = std::max<std::size_t>(1, reached.size() / static_cast<std::size_t>(factor_));
  return !is_nan && better < pass;
}

} // namespace ionsift::learn
