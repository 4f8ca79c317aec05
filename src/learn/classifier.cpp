#include "ionsift/learn/classifier.hpp"

#include "ionsift/base/error.hpp"

#include "atomsets_classifier.hpp"
#include "member_file.hpp"
#include "process_classifier.hpp"
#include "trees_classifier.hpp"

#include <algorithm>

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
  if (format == TreesClassifier::format) {
    return TreesClassifier::read(file);
  }
  if (format == ProcessClassifier::format) {
    return ProcessClassifier::read(file);
  }
  return AtomSetsClassifier::read(file, view);
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
                          [&](const ProcessConfiguration& settings) {
                            return fit_process(settings, configuration, train, options);
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
            [&](const ProcessConfiguration&) { return process_cost(train); }},
      configuration.model);
}

void require_trainable(const dataset::FeatureSet& train, const dataset::Content& content) {
  const auto positive = std::count(train.label.begin(), train.label.end(), 1);
  IONSIFT_VALIDATE(
      train.label.size() == train.size() && positive > 0 &&
          positive < static_cast<std::ptrdiff_t>(train.size()),
      data, fmt::format("{} structures, {} labelled 1, cannot train a classifier", train.size(), positive),
      "every one needs a label, and both classes must occur", "Check labels and split.");
  for (const auto& view : content.views) {
    IONSIFT_VALIDATE(train.of(view).values.allFinite(), numeric,
                     fmt::format("a training feature in {} is not finite", name_of(view)),
                     "it would make every member diverge", "Featurize again.");
  }
  if (!content.blocks.empty()) {
    IONSIFT_VALIDATE(train.descriptors.of(content.blocks).values.allFinite(), numeric,
                     "a training descriptor is not finite", "it would spoil every member", "Report this.");
  }
}

} // namespace ionsift::learn
