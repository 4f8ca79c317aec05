// SPDX-License-Identifier: BSD-3-Clause
#include "trainer.hpp"

#include "ionsift/base/errands.hpp"
#include "ionsift/base/error.hpp"

#include "checkpoint_file.hpp"
#include "tensor/lamb.hpp"

#include <ATen/ops/from_blob.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace ionsift::learn {

namespace {

/// A copy of host memory on a device.
template <typename T>
at::Tensor on_device(const T* data, at::IntArrayRef shape, at::ScalarType type,
                     const at::TensorOptions& options) {
  return at::from_blob(const_cast<T*>(data), shape, type).to(options, false, true);
}

} // namespace

Examples::Examples(const dataset::FeatureSet& structures, const dataset::View& view,
                   const at::TensorOptions& options) {
  const auto& rows = structures.of(view);
  first_.assign(rows.first.begin(), rows.first.end());
  for (std::size_t s = 0; s < structures.size(); ++s) {
    IONSIFT_VALIDATE(first_[s + 1] > first_[s], data, fmt::format("{} has no rows", structures.id[s]),
                     "a structure without sites in this representation has no features", "Leave it out.");
  }
  const auto n = static_cast<std::int64_t>(rows.weight.size());
  const auto columns = static_cast<std::int64_t>(rows.columns());
  values_ = on_device(rows.values.data(), {n, columns}, at::kFloat, options);
  weight_ = on_device(rows.weight.data(), {n}, at::kFloat, options);
  if (!structures.label.empty()) {
    label_ = on_device(structures.label.data(), {size()}, at::kInt, options);
  }
}

Batch Examples::select(const std::vector<std::int64_t>& positions) const {
  std::vector<std::int64_t> rows;
  std::vector<std::int64_t> first = {0};
  for (const auto p : positions) {
    for (auto r = first_[static_cast<std::size_t>(p)]; r < first_[static_cast<std::size_t>(p) + 1]; ++r) {
      rows.push_back(r);
    }
    first.push_back(static_cast<std::int64_t>(rows.size()));
  }
  const auto integers = values_.options().dtype(at::kLong);
  const auto index = on_device(rows.data(), {first.back()}, at::kLong, integers);
  Batch batch{
      values_.index_select(0, index), make_ragged(std::move(first), weight_.index_select(0, index)), {}};
  if (label_.defined()) {
    const auto n = static_cast<std::int64_t>(positions.size());
    batch.label = label_.index_select(0, on_device(positions.data(), {n}, at::kLong, integers));
  }
  return batch;
}

Batch Examples::slice(std::int64_t begin, std::int64_t end) const {
  const auto begin_row = first_[static_cast<std::size_t>(begin)];
  std::vector<std::int64_t> first(first_.begin() + begin, first_.begin() + end + 1);
  for (auto& row : first) {
    row -= begin_row;
  }
  const auto rows = first.back();
  Batch batch{values_.narrow(0, begin_row, rows),
              make_ragged(std::move(first), weight_.narrow(0, begin_row, rows)),
              {}};
  if (label_.defined()) {
    batch.label = label_.narrow(0, begin, end - begin);
  }
  return batch;
}

std::int64_t Examples::end_of_chunk(std::int64_t begin) const {
  constexpr std::int64_t rows_at_a_time = 4096;
  const auto limit = first_[static_cast<std::size_t>(begin)] + rows_at_a_time;
  const auto end = std::upper_bound(first_.begin() + begin + 1, first_.end(), limit) - first_.begin() - 1;
  return std::max(begin + 1, end);
}

namespace {

std::vector<LambTensor> optimised(AtomSets& network) {
  const auto& names = network.weights().names();
  std::vector<LambTensor> tensors(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    tensors[i].weight = network.weights().tensors()[i];
    tensors[i].gradient = network.gradients().tensors()[i];
    tensors[i].frozen_square = frozen_square(network, names[i]);
  }
  return tensors;
}

bool is_finite(const AtomSets& network) {
  return network.weights().flat().isfinite().all().item<bool>();
}

} // namespace

std::vector<float> probabilities(const AtomSets& network, const Examples& examples) {
  const c10::InferenceMode without_autograd;
  std::vector<float> result;
  for (std::int64_t begin = 0; begin < examples.size();) {
    const auto end = examples.end_of_chunk(begin);
    run_errands();
    const auto p = network.logits(examples.slice(begin, end)).sigmoid().to(at::kFloat).cpu();
    result.insert(result.end(), p.data_ptr<float>(), p.data_ptr<float>() + p.numel());
    begin = end;
  }
  return result;
}

double frozen_square(const AtomSets& network, const std::string& tensor) {
  // The published tensors hold the forget gate, too.
  if (tensor == "set2set.recurrent.kernel") {
    return network.forget().kernel.square().sum().item<double>();
  }
  return tensor == "set2set.recurrent.bias" ? network.forget().bias.square().sum().item<double>() : 0;
}

RandomStream stream_of(std::uint64_t seed, Purpose purpose, int epoch) {
  return RandomStream(seed, (static_cast<std::uint64_t>(purpose) << 32) | static_cast<std::uint64_t>(epoch));
}

void begin(AtomSets& network, std::uint64_t seed, const AtomSets* start) {
  if (start != nullptr) {
    network.copy_weights(*start);
  } else {
    network.initialise(stream_of(seed, Purpose::initialise, 0).bits());
  }
}

EpochSteps::EpochSteps(const AtomSetsConfiguration& configuration, std::int64_t structures)
    : batch(std::min<std::int64_t>(configuration.batch, structures)), steps((structures + batch - 1) / batch),
      half_cycle(10.0 * static_cast<double>(steps)) {
}

namespace {

/// One training by epochs.
class Training {
public:
  Training(AtomSets& network, const Examples& examples, std::uint64_t seed)
      : network_(network), examples_(examples), seed_(seed),
        optimiser_(optimised(network), network.kernels()), order_(static_cast<std::size_t>(examples.size())) {
  }

  /// All that an epoch draws at random follows from seed and number. @param epoch counted from 0
  /// @return the mean loss
  double run_epoch(int epoch) {
    const auto& configuration = network_.configuration();
    const auto n = examples_.size();
    const EpochSteps steps(configuration, n);
    std::iota(order_.begin(), order_.end(), std::int64_t(0));
    stream_of(seed_, Purpose::shuffle, epoch).shuffle(order_);
    auto dropout = stream_of(seed_, Purpose::dropout, epoch);
    auto total = at::zeros({}, network_.weights().flat().options());
    for (std::int64_t begin = 0; begin < n; begin += steps.batch) {
      const auto end = std::min(n, begin + steps.batch);
      run_errands();
      const auto chosen = examples_.select({order_.begin() + begin, order_.begin() + end});
      total.add_(network_.loss_and_gradients(chosen, dropout), static_cast<double>(end - begin));
      optimiser_.step(
          triangular2(optimiser_.steps(), configuration.init_lr, configuration.max_lr, steps.half_cycle));
    }
    return total.item<double>() / static_cast<double>(n);
  }

  TrainingState state(const TrainingRecord& record) const {
    return {record.epochs, record.loss, network_.weights().flat(), optimiser_.state()};
  }
  void restore(const TrainingState& state, TrainingRecord& record) {
    record.epochs = state.epochs;
    record.loss = state.loss;
    network_.weights().flat().copy_(state.weights);
    optimiser_.restore(state.optimiser);
  }

private:
  AtomSets& network_;
  const Examples& examples_;
  std::uint64_t seed_;
  Lamb optimiser_;
  std::vector<std::int64_t> order_;
};

} // namespace

TrainingRecord train(AtomSets& network, const Examples& examples, std::uint64_t seed,
                     const EpochObserver& observer, const TrainContext& context) {
  const c10::InferenceMode without_autograd;
  begin(network, seed, context.network);
  Training training(network, examples, seed);
  TrainingRecord result;
  std::optional<CheckpointFile> checkpoint;
  if (context.checkpoint != nullptr) {
    checkpoint.emplace(*context.checkpoint, seed);
    if (const auto state = checkpoint->read(network)) {
      training.restore(*state, result);
    }
  }
  const int epochs = network.configuration().epochs;
  while (result.epochs < epochs) {
    result.loss = training.run_epoch(result.epochs);
    ++result.epochs;
    // The last step of an epoch comes after its last loss.
    const bool last = result.epochs == epochs;
    if (!std::isfinite(result.loss) || ((observer || last) && !is_finite(network))) {
      result.diverged = true;
      break;
    }
    if (observer && !observer({result.epochs, result.loss, network})) {
      result.stopped = true;
      break;
    }
    result.interrupted = !last && context.interrupted && context.interrupted();
    if (checkpoint && !last && (result.interrupted || checkpoint->due())) {
      checkpoint->write(training.state(result));
    }
    if (result.interrupted) {
      break;
    }
  }
  return result;
}

} // namespace ionsift::learn
