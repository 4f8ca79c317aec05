// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/ensemble/fit.hpp"

#include "atomsets/fit_atomsets.hpp"
#include "model/member_file.hpp"
#include "tabular/gaussian_process_classifier.hpp"
#include "tabular/trees_classifier.hpp"

namespace ionsift::learn {

namespace {

/// One function for each model.
template <typename... Functions>
struct Cases : Functions... {
  using Functions::operator()...;
};
template <typename... Functions>
Cases(Functions...) -> Cases<Functions...>;

} // namespace

std::unique_ptr<Classifier> load_classifier(const std::filesystem::path& path, const dataset::View& view) {
  const auto file = h5::File::open(path);
  const auto format = format_of(file);
  if (format == TreesClassifier::format || format == TreesClassifier::format_of_halves) {
    return TreesClassifier::read(file);
  }
  if (format == GaussianProcessClassifier::format) {
    return GaussianProcessClassifier::read(file);
  }
  return read_atomsets(file, view);
}

Fitted fit(const Configuration& configuration, const dataset::FeatureSet& train, std::uint64_t seed,
           const parallel::DeviceBinding& device, const FitOptions& options) {
  require_trainable(train, {configuration.views, configuration.blocks});
  return std::visit(Cases{[&](const AtomSetsConfiguration& settings) {
                            return fit_atomsets(settings, configuration, train, seed, device, options);
                          },
                          [&](const TreesConfiguration& settings) {
                            return fit_trees(settings, configuration, train, seed, options);
                          },
                          [&](const GaussianProcessConfiguration& settings) {
                            return fit_gaussian_process(settings, configuration, train, options);
                          }},
                    configuration.model);
}

std::vector<Fitted> fit_stack(const Configuration& configuration, const dataset::FeatureSet& train,
                              const std::vector<StackSeed>& members, const parallel::DeviceBinding& device,
                              const FitOptions& options) {
  if (const auto* settings = std::get_if<AtomSetsConfiguration>(&configuration.model)) {
    require_trainable(train, {configuration.views, configuration.blocks});
    return fit_atomsets_stack(*settings, configuration, train, members, device, options);
  }
  std::vector<Fitted> fitted;
  for (const auto& member : members) {
    auto alone = options;
    alone.checkpoint = member.checkpoint;
    fitted.push_back(fit(configuration, train, member.seed, device, alone));
  }
  return fitted;
}

double training_cost(const Configuration& configuration, const dataset::FeatureSet& train) {
  return std::visit(
      Cases{[&](const AtomSetsConfiguration& settings) {
              return atomsets_cost(settings, configuration, train);
            },
            [&](const TreesConfiguration& settings) { return trees_cost(settings, configuration, train); },
            [&](const GaussianProcessConfiguration&) { return gaussian_process_cost(train); }},
      configuration.model);
}

} // namespace ionsift::learn
