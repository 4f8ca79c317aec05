// SPDX-License-Identifier: BSD-3-Clause
#include "tabular.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/learn/model/member_kinds.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace ionsift::learn {

namespace {

constexpr std::array moment_names = {"mean", "sd", "min", "max"};
constexpr double lowest = -9, highest = -1;

void append(TabularExamples& examples, const dataset::FeatureSet& set, const Configuration& configuration) {
  const auto table = table_of(set, configuration);
  IONSIFT_ASSERT(examples.names.empty() || examples.names == table.name,
                 "entries with and without a structure have different columns");
  examples.names = table.name;
  const auto before = examples.values.rows();
  examples.values.conservativeResize(before + table.values.rows(), table.values.cols());
  examples.values.bottomRows(table.values.rows()) = table.values;
  examples.label.insert(examples.label.end(), set.label.begin(), set.label.end());
  for (const double conductivity : set.conductivity) {
    examples.conductivity.push_back(std::clamp(std::log10(conductivity), lowest, highest));
  }
}

} // namespace

dataset::Descriptors table_of(const dataset::FeatureSet& structures, const Configuration& configuration) {
  dataset::Descriptors table;
  const auto n = static_cast<Eigen::Index>(structures.size());
  table.values.resize(n, 0);
  const auto append = [&](const Matrix<double>& values) {
    table.values.conservativeResize(n, table.values.cols() + values.cols());
    table.values.rightCols(values.cols()) = values;
  };
  for (const auto& view : configuration.views) {
    const auto& rows = structures.of(view);
    for (const auto* moment : moment_names) {
      for (std::size_t c = 0; c < rows.columns(); ++c) {
        table.name.push_back(fmt::format("{}.{}.{}", name_of(view), moment, c));
      }
    }
    append(rows.moments());
  }
  if (!configuration.blocks.empty()) {
    const auto descriptors = structures.descriptors.of(configuration.blocks);
    table.name.insert(table.name.end(), descriptors.name.begin(), descriptors.name.end());
    append(descriptors.values);
  }
  return table;
}

Matrix<double> table_of(const dataset::FeatureSet& structures, const Configuration& configuration,
                        const std::vector<std::string>& names) {
  auto table = table_of(structures, configuration);
  IONSIFT_VALIDATE(table.name == names, conflict,
                   fmt::format("the structures have {} columns", table.name.size()),
                   fmt::format("the member was trained on {}, or on others", names.size()),
                   "Use features of the same level and parent, and the version that trained it.");
  return std::move(table.values);
}

TabularExamples tabular_examples(const Configuration& configuration, const dataset::FeatureSet& train,
                                 const FitOptions& options) {
  IONSIFT_VALIDATE(train.conductivity.size() == train.size(), data,
                   "the training set has classes but no conductivities", "this model learns from these",
                   "Give labels with conductivities.");
  TabularExamples examples;
  examples.threshold = std::log10(train.threshold);
  append(examples, train, configuration);
  if (options.compositions != nullptr && looks_at_composition_alone(configuration) &&
      options.compositions->size() > 0) {
    append(examples, *options.compositions, configuration);
  }
  return examples;
}

std::vector<float> probabilities(const Matrix<double>& table, const std::vector<double>& computed) {
  std::vector<float> result(computed.begin(), computed.end());
  for (std::size_t s = 0; s < result.size(); ++s) {
    if (!table.row(static_cast<Eigen::Index>(s)).allFinite()) {
      result[s] = std::numeric_limits<float>::quiet_NaN();
    }
  }
  return result;
}

} // namespace ionsift::learn
