#include "ionsift/learn/classifier.hpp"

#include "ionsift/base/error.hpp"

#include "atomsets_classifier.hpp"
#include "weights_file.hpp"

#include <c10/core/InferenceMode.h>

#include <algorithm>

namespace ionsift::learn {

std::unique_ptr<Classifier> load_classifier(const std::filesystem::path& path, const dataset::View& view) {
  const c10::InferenceMode without_autograd;
  auto network = read_member(path, at::kFloat);
  return std::make_unique<AtomSetsClassifier>(read_configuration(path, view), std::move(network));
}

Fitted fit(const Configuration& configuration, const dataset::FeatureSet& train, std::uint64_t seed,
           const parallel::DeviceBinding& device, const FitOptions& options) {
  require_trainable(train, {configuration.views});
  return fit_atomsets(configuration, train, seed, device, options);
}

double training_cost(const Configuration& configuration, const dataset::FeatureSet& train) {
  return atomsets_cost(configuration, train);
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
}

} // namespace ionsift::learn
