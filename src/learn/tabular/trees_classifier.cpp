// SPDX-License-Identifier: BSD-3-Clause
#include "trees_classifier.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/dataset/features/unlabelled.hpp"

#include "metrics/normal_distribution.hpp"
#include "model/member_file.hpp"
#include "tabular.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ionsift::learn {

namespace {

constexpr MemberFormat member_format = {TreesClassifier::format, 1};
constexpr MemberFormat halves_format = {TreesClassifier::format_of_halves, 1};
constexpr std::size_t halves = 2;

std::uint64_t half_of(std::uint64_t composition_number) {
  return composition_number % halves;
}

/// Datasets of the second forest have a name of their own.
std::string name_in_forest(const char* dataset, std::size_t forest) {
  return forest == 0 ? dataset : fmt::format("{}_half_{}", dataset, forest);
}

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

/// The labelled examples, and one half of the unlabelled compositions as negatives.
ExtraTrees grow_with_unlabelled(const TabularExamples& labelled, std::vector<double> target,
                                std::vector<double> weight, const dataset::FeatureSet& unlabelled,
                                std::uint64_t half, const Configuration& configuration,
                                const TreesConfiguration& settings, const ExtraTreesOptions& how,
                                std::uint64_t seed) {
  const auto table = table_of(unlabelled, configuration, labelled.names);
  const auto numbers = dataset::composition_numbers(unlabelled.descriptors);
  std::vector<Eigen::Index> chosen;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (half_of(numbers[i]) == half) {
      chosen.push_back(static_cast<Eigen::Index>(i));
    }
  }
  const auto more = static_cast<Eigen::Index>(chosen.size());
  Matrix<double> values(labelled.values.rows() + more, labelled.values.cols());
  values.topRows(labelled.values.rows()) = labelled.values;
  for (Eigen::Index i = 0; i < more; ++i) {
    values.row(labelled.values.rows() + i) = table.row(chosen[static_cast<std::size_t>(i)]);
  }
  target.resize(target.size() + chosen.size(), 0.0);
  weight.resize(weight.size() + chosen.size(), settings.unlabelled_weight);
  return ExtraTrees::grow(values, target, weight, how, seed);
}

} // namespace

TreesClassifier::TreesClassifier(Configuration configuration, std::vector<std::string> columns,
                                 std::vector<ExtraTrees> forests)
    : Classifier(std::move(configuration)), columns_(std::move(columns)), forests_(std::move(forests)) {
}

std::vector<float> TreesClassifier::predict(const dataset::FeatureSet& structures,
                                            const parallel::DeviceBinding&) const {
  const auto table = table_of(structures, configuration(), columns_);
  auto computed = forests_.front().predict(table);
  if (forests_.size() == halves) {
    const auto second = forests_.back().predict(table);
    const auto numbers = dataset::composition_numbers(structures.descriptors);
    for (std::size_t s = 0; s < computed.size(); ++s) {
      if (half_of(numbers[s]) == 0) { // the first forest may have had it as a negative
        computed[s] = second[s];
      }
    }
  }
  return probabilities(table, computed);
}

void TreesClassifier::write(const std::filesystem::path& path, std::uint64_t seed) const {
  const bool in_halves = forests_.size() == halves;
  write_member_file(path, in_halves ? halves_format : member_format, configuration(), seed,
                    [&](h5::File& file) {
                      file.write_text("columns", columns_);
                      for (std::size_t f = 0; f < forests_.size(); ++f) {
                        const auto& nodes = forests_[f].nodes();
                        const auto name = [&](const char* dataset) { return name_in_forest(dataset, f); };
                        file.write(name("feature"), {nodes.feature.size()}, nodes.feature);
                        file.write(name("cut"), {nodes.cut.size()}, nodes.cut);
                        file.write(name("left"), {nodes.left.size()}, nodes.left);
                        file.write(name("value"), {nodes.value.size()}, nodes.value);
                        file.write(name("root"), {nodes.root.size()}, nodes.root);
                      }
                    });
}

std::unique_ptr<Classifier> TreesClassifier::read(const h5::File& file) {
  const bool in_halves = learn::format_of(file) == format_of_halves;
  require_format(file, in_halves ? halves_format : member_format);
  auto columns = file.dataset("columns").read_text();
  std::vector<ExtraTrees> forests;
  for (std::size_t f = 0; f < (in_halves ? halves : 1); ++f) {
    const auto name = [&](const char* dataset) { return name_in_forest(dataset, f); };
    ExtraTrees::Nodes nodes;
    nodes.feature = file.dataset(name("feature")).read<std::int32_t>();
    nodes.cut = file.dataset(name("cut")).read<double>();
    nodes.left = file.dataset(name("left")).read<std::int32_t>();
    nodes.value = file.dataset(name("value")).read<double>();
    nodes.root = file.dataset(name("root")).read<std::int32_t>();
    forests.push_back(ExtraTrees::from_nodes(std::move(nodes), columns.size()));
  }
  return std::make_unique<TreesClassifier>(configuration_of(file, {}), std::move(columns),
                                           std::move(forests));
}

Fitted fit_trees(const TreesConfiguration& settings, const Configuration& configuration,
                 const dataset::FeatureSet& train, std::uint64_t seed, const FitOptions& options) {
  const auto examples = tabular_examples(configuration, train, options);
  const auto target = targets_of(settings, examples);
  const auto weight = weights_of(settings, examples.label);
  const ExtraTreesOptions how{settings.trees, settings.feature_share, settings.min_leaf};
  std::vector<ExtraTrees> forests;
  if (settings.unlabelled_weight == 0) {
    forests.push_back(ExtraTrees::grow(examples.values, target, weight, how, seed));
  } else {
    IONSIFT_VALIDATE(
        options.unlabelled != nullptr && options.unlabelled->size() > 0, usage,
        fmt::format("configuration \"{}\" learns from unlabelled compositions", configuration.name),
        "it has an \"unlabelled_weight\", and there are none",
        "Name a store of candidates with --unlabelled.");
    for (std::uint64_t half = 0; half < halves; ++half) {
      forests.push_back(grow_with_unlabelled(examples, target, weight, *options.unlabelled, half,
                                             configuration, settings, how, RandomStream(seed, half).bits()));
    }
  }
  TrainingRecord record;
  for (const auto& trees : forests) {
    const auto fitted = trees.predict(examples.values);
    for (std::size_t i = 0; i < fitted.size(); ++i) {
      record.loss += (fitted[i] - target[i]) * (fitted[i] - target[i]) /
                     static_cast<double>(fitted.size() * forests.size());
    }
  }
  return {std::make_unique<TreesClassifier>(configuration, examples.names, std::move(forests)), record};
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
