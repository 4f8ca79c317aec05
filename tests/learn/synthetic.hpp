// SPDX-License-Identifier: BSD-3-Clause
// Feature sets made up for tests.
#pragma once

#include "ionsift/base/random.hpp"
#include "ionsift/dataset/features/feature_set.hpp"
#include "ionsift/learn/model/configuration.hpp"

#include <fmt/format.h>

namespace ionsift::test {

/// A network that trains in no time.
inline learn::Configuration tiny_configuration(const std::string& name, int width, int epochs) {
  learn::AtomSetsConfiguration c;
  c.layers = 1;
  c.width = width;
  c.readout_hidden = 4;
  c.batch = 16;
  c.epochs = epochs;
  learn::Configuration configuration;
  configuration.name = name;
  configuration.model = c;
  return configuration;
}

/// Structures of 1 .. 2 x mean_rows - 1 rows of standard normal numbers. A structure is of class 1 when the
/// weighted mean over its rows of max(column 0, 0) - max(column 1, 0) exceeds 0: no single row decides.
inline dataset::FeatureSet make_structures(std::size_t structures, std::size_t columns, std::uint64_t seed,
                                           std::size_t mean_rows = 6) {
  RandomStream random(seed);
  dataset::FeatureSet set;
  set.views = {dataset::View{}};
  set.rows.resize(1);
  auto& rows = set.rows.front();
  rows.first = {0};
  for (std::size_t s = 0; s < structures; ++s) {
    set.id.push_back(fmt::format("s{}", s));
    rows.first.push_back(rows.first.back() + 1 + random.below(2 * mean_rows - 1));
  }
  rows.values.resize(static_cast<Eigen::Index>(rows.first.back()), static_cast<Eigen::Index>(columns));
  for (auto& value : rows.values.reshaped()) {
    value = static_cast<float>(random.normal());
  }
  for (std::size_t s = 0; s < structures; ++s) {
    std::vector<float> weight(rows.first[s + 1] - rows.first[s]);
    float total = 0;
    for (auto& w : weight) {
      w = static_cast<float>(1 + random.below(8));
      total += w;
    }
    float signal = 0;
    for (std::size_t i = 0; i < weight.size(); ++i) {
      const auto row = rows.values.row(static_cast<Eigen::Index>(rows.first[s] + i));
      rows.weight.push_back(weight[i] / total);
      signal += rows.weight.back() * (std::max(row[0], 0.0F) - std::max(row[1], 0.0F));
    }
    set.label.push_back(signal > 0 ? 1 : 0);
    set.conductivity.push_back(signal > 0 ? 1e-3 : 1e-6);
    set.upper_bound.push_back(0);
  }
  return set;
}

} // namespace ionsift::test
