// Feature sets made up for tests.
#pragma once

#include "ionsift/base/random.hpp"
#include "ionsift/dataset/feature_set.hpp"

#include <fmt/format.h>

namespace ionsift::test {

/// Structures of 1 .. 2 x mean_rows - 1 rows of standard normal numbers. A structure is of class 1 when the
/// weighted mean over its rows of max(column 0, 0) - max(column 1, 0) exceeds 0: no single row tells.
inline dataset::FeatureSet make_structures(std::size_t structures, std::size_t columns, std::uint64_t seed,
                                           std::size_t mean_rows = 6) {
  RandomStream random(seed);
  dataset::FeatureSet set;
  set.first = {0};
  for (std::size_t s = 0; s < structures; ++s) {
    set.id.push_back(fmt::format("s{}", s));
    set.first.push_back(set.first.back() + 1 + random.below(2 * mean_rows - 1));
  }
  const auto rows = set.first.back();
  set.values.resize(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns));
  for (auto& value : set.values.reshaped()) {
    value = static_cast<float>(random.normal());
  }
  for (std::size_t s = 0; s < structures; ++s) {
    std::vector<float> weight(set.first[s + 1] - set.first[s]);
    float total = 0;
    for (auto& w : weight) {
      w = static_cast<float>(1 + random.below(8));
      total += w;
    }
    float signal = 0;
    for (std::size_t i = 0; i < weight.size(); ++i) {
      const auto row = set.values.row(static_cast<Eigen::Index>(set.first[s] + i));
      set.weight.push_back(weight[i] / total);
      signal += set.weight.back() * (std::max(row[0], 0.0F) - std::max(row[1], 0.0F));
    }
    set.label.push_back(signal > 0 ? 1 : 0);
    set.conductivity.push_back(signal > 0 ? 1e-3 : 1e-6);
  }
  return set;
}

} // namespace ionsift::test
