// SPDX-License-Identifier: BSD-3-Clause
#include "trees_classifier.hpp"

#include "ionsift/base/error.hpp"

#include "metrics/normal_distribution.hpp"
#include "model/member_file.hpp"
#include "tabular.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ionsift::learn {

namespace {

constexpr MemberFormat member_format = {TreesClassifier::format, 1};

/// Chances that a measurement with this noise exceeds the threshold; the classes where there is none.
std::vector<double> targets_of(const TreesConfiguration& settings, const TabularExamples& examples) {
  if (settings.label_noise == 0) {
    return {examples.label.begin(), examples.label.end()};
  }
  std::vector<double> target;
  for (const double conductivity : examples.conductivity) {
    target.push_back(normal_cdf((conductivity - examples.threshold) / settings.label_noise));
  }
  return target;
}

/// Both classes together weigh the same where `balanced`.
std::vector<double> weights_of(const TreesConfiguration& settings, const std::vector<int>& label) {
  std::vector<double> weight(label.size(), 1.0);
  if (settings.balanced) {
    const auto n = static_cast<double>(label.size());
    const auto positive = static_cast<double>(std::count(label.begin(), label.end(), 1));
    std::transform(label.begin(), label.end(), weight.begin(),
                   [&](int l) { return n / (2 * (l == 1 ? positive : n - positive)); });
  }
  return weight;
}

} // namespace

TreesClassifier::TreesClassifier(Configuration configuration, std::vector<std::string> columns,
                                 ExtraTrees trees)
    : Classifier(std::move(configuration)), columns_(std::move(columns)), trees_(std::move(trees)) {
}

std::vector<float> TreesClassifier::predict(const dataset::FeatureSet& structures,
                                            const parallel::DeviceBinding&) const {
  const auto table = table_of(structures, configuration(), columns_);
  return probabilities(table, trees_.predict(table));
}

void TreesClassifier::write(const std::filesystem::path& path, std::uint64_t seed) const {
  write_member_file(path, member_format, configuration(), seed, [&](h5::File& file) {
    const auto& nodes = trees_.nodes();
    file.write_text("columns", columns_);
    file.write("feature", {nodes.feature.size()}, nodes.feature);
    file.write("cut", {nodes.cut.size()}, nodes.cut);
    file.write("left", {nodes.left.size()}, nodes.left);
    file.write("value", {nodes.value.size()}, nodes.value);
    file.write("root", {nodes.root.size()}, nodes.root);
  });
}

std::unique_ptr<Classifier> TreesClassifier::read(const h5::File& file) {
  require_format(file, member_format);
  ExtraTrees::Nodes nodes;
  nodes.feature = file.dataset("feature").read<std::int32_t>();
  nodes.cut = file.dataset("cut").read<double>();
  nodes.left = file.dataset("left").read<std::int32_t>();
  nodes.value = file.dataset("value").read<double>();
  nodes.root = file.dataset("root").read<std::int32_t>();
  auto columns = file.dataset("columns").read_text();
  auto trees = ExtraTrees::from_nodes(std::move(nodes), columns.size());
  return std::make_unique<TreesClassifier>(configuration_of(file, {}), std::move(columns), std::move(trees));
}

Fitted fit_trees(const TreesConfiguration& settings, const Configuration& configuration,
                 const dataset::FeatureSet& train, std::uint64_t seed, const FitOptions& options) {
  const auto examples = tabular_examples(configuration, train, options);
  const auto target = targets_of(settings, examples);
  auto trees = ExtraTrees::grow(examples.values, target, weights_of(settings, examples.label),
                                {settings.trees, settings.feature_share, settings.min_leaf}, seed);
  const auto fitted = trees.predict(examples.values);
  TrainingRecord record;
  for (std::size_t i = 0; i < fitted.size(); ++i) {
    record.loss += (fitted[i] - target[i]) * (fitted[i] - target[i]) / static_cast<double>(fitted.size());
  }
  return {std::make_unique<TreesClassifier>(configuration, examples.names, std::move(trees)), record};
}

double trees_cost(const TreesConfiguration& settings, const Configuration& configuration,
                  const dataset::FeatureSet& train) {
  double columns = 0;
  for (const auto& view : configuration.views) {
    columns += 4 * static_cast<double>(train.of(view).columns());
  }
  if (!configuration.blocks.empty()) {
    columns += static_cast<double>(train.descriptors.of(configuration.blocks).name.size());
  }
  const double tried = settings.feature_share > 0 ? settings.feature_share * columns : std::sqrt(columns);
  const auto n = static_cast<double>(train.size());
  // A value costs about ten multiplications, at each of some log2(n) depths.
  return 10 * settings.trees * tried * n * std::log2(n + 1);
}

} // namespace ionsift::learn
