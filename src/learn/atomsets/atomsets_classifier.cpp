// SPDX-License-Identifier: BSD-3-Clause
#include "atomsets_classifier.hpp"

#include "ionsift/base/error.hpp"

#include "fit_atomsets.hpp"
#include "model/member_file.hpp"
#include "stack_trainer.hpp"
#include "tensor/runtime.hpp"
#include "trainer.hpp"
#include "weights_file.hpp"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace ionsift::learn {

namespace {

const AtomSets& network_of(const Classifier& classifier) {
  const auto* atomsets = dynamic_cast<const AtomSetsClassifier*>(&classifier);
  IONSIFT_VALIDATE(atomsets != nullptr, conflict, "an AtomSets network cannot start from another model",
                   "there are no weights to begin with", "Start it from a trained AtomSets network.");
  return atomsets->network();
}

} // namespace

AtomSetsClassifier::AtomSetsClassifier(Configuration configuration, AtomSets network)
    : Classifier(std::move(configuration)), network_(std::move(network)) {
}

std::unique_ptr<Classifier> AtomSetsClassifier::read(const h5::File& file, const dataset::View& view) {
  const c10::InferenceMode without_autograd;
  return std::make_unique<AtomSetsClassifier>(configuration_of(file, view), read_member(file, at::kFloat));
}

std::vector<float> AtomSetsClassifier::predict(const dataset::FeatureSet& structures,
                                               const parallel::DeviceBinding& device) const {
  const auto& view = configuration().views.front();
  const auto& rows = structures.of(view);
  IONSIFT_VALIDATE(static_cast<std::int64_t>(rows.columns()) == network_.columns(), conflict,
                   fmt::format("the structures have {} feature columns in {}", rows.columns(), name_of(view)),
                   fmt::format("the member was trained on {}", network_.columns()),
                   "Use features of the same level and parent.");
  prepare_libtorch();
  const c10::InferenceMode without_autograd;
  const auto options = at::TensorOptions(at::kFloat).device(device_of(device));
  const Examples examples(structures, view, options);
  std::optional<AtomSets> moved;
  if (network_.weights().flat().device() != options.device()) {
    moved.emplace(network_.to(options));
  }
  return probabilities(moved ? *moved : network_, examples);
}

void AtomSetsClassifier::write(const std::filesystem::path& path, std::uint64_t seed) const {
  write_member(path, network_, configuration(), seed);
}

std::unique_ptr<Classifier> read_atomsets(const h5::File& file, const dataset::View& view) {
  return AtomSetsClassifier::read(file, view);
}

Fitted fit_atomsets(const AtomSetsConfiguration& settings, const Configuration& configuration,
                    const dataset::FeatureSet& train, std::uint64_t seed,
                    const parallel::DeviceBinding& device, const FitOptions& options) {
  prepare_libtorch();
  const c10::InferenceMode without_autograd;
  const auto tensors = at::TensorOptions(at::kFloat).device(device_of(device));
  const auto& view = configuration.views.front();
  const Examples examples(train, view, tensors);
  std::optional<Examples> watched;
  if (options.watched != nullptr) {
    watched.emplace(*options.watched, view, tensors);
  }
  std::optional<AtomSets> kept;
  EpochObserver observer;
  if (options.observer) {
    observer = [&](const Epoch& epoch) {
      const auto ask = [&] {
        return watched ? probabilities(epoch.network, *watched) : std::vector<float>();
      };
      const auto keep = [&] { kept.emplace(epoch.network.to(tensors)); };
      return options.observer({epoch.number, epoch.loss, ask, keep});
    };
  }
  TrainContext context{nullptr, options.checkpoint, options.interrupted};
  if (options.start != nullptr) {
    context.network = &network_of(*options.start);
  }
  AtomSets network(settings, examples.columns(), tensors);
  const auto record = learn::train(network, examples, seed, observer, context);
  return {std::make_unique<AtomSetsClassifier>(configuration, kept ? std::move(*kept) : std::move(network)),
          record};
}

std::vector<Fitted> fit_atomsets_stack(const AtomSetsConfiguration& settings,
                                       const Configuration& configuration, const dataset::FeatureSet& train,
                                       const std::vector<StackSeed>& members,
                                       const parallel::DeviceBinding& device, const FitOptions& options) {
  prepare_libtorch();
  const auto tensors = at::TensorOptions(at::kFloat).device(device_of(device));
  const Examples examples(train, configuration.views.front(), tensors);
  std::vector<StackMember> stack;
  for (const auto& member : members) {
    stack.push_back({member.seed, member.checkpoint});
  }
  const auto* start = options.start != nullptr ? &network_of(*options.start) : nullptr;
  std::vector<Fitted> fitted;
  for (auto& result : train_stack(settings, examples, stack, start, options.interrupted)) {
    fitted.push_back(
        {std::make_unique<AtomSetsClassifier>(configuration, std::move(result.network)), result.record});
  }
  return fitted;
}

double atomsets_cost(const AtomSetsConfiguration& c, const Configuration& configuration,
                     const dataset::FeatureSet& train) {
  const auto& seen = train.of(configuration.views.front());
  const auto rows = static_cast<double>(seen.weight.size());
  const auto structures = static_cast<double>(train.size());
  const double width = c.width;
  const double hidden = c.readout_hidden;
  const double dense_before = width * (static_cast<double>(seen.columns()) + (c.layers - 1) * width + hidden);
  const double recurrent = 6 * hidden * hidden;
  const double dense_after = width * (2 * hidden + (c.layers - 1) * width);
  const double weights = dense_before + recurrent + dense_after;
  const double steps = std::ceil(structures / c.batch);
  // A step costs about as much as 2e5 multiplications before anything is computed, and the optimiser moves
  // five numbers a weight through memory.
  return c.epochs * (3 * rows * dense_before + 3 * structures * (c.readout_steps * recurrent + dense_after) +
                     steps * (5 * weights + 2e5));
}

} // namespace ionsift::learn
