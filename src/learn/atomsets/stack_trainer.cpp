// SPDX-License-Identifier: BSD-3-Clause
#include "stack_trainer.hpp"

#include "ionsift/base/errands.hpp"

#include "checkpoint_file.hpp"
#include "stack_network.hpp"
#include "stack_optimiser.hpp"
#include "tensor/repeated_step.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>

namespace ionsift::learn {

namespace {

/// A member between two epochs.
struct Place {
  StackMember member;
  StackResult* result;
  std::optional<CheckpointFile> checkpoint;
  std::optional<TrainingState> state; ///< state to resume from
};

using Places = std::vector<Place*>;

/// Members at the same epoch, on a stream of their own.
class Stack {
public:
  Stack(const AtomSetsConfiguration& configuration, const Examples& examples, const Places& places)
      : configuration_(configuration), places_(places), structures_(examples.size()),
        steps_(configuration, structures_), stream_(examples.values().device()),
        batches_(configuration, examples),
        network_(configuration, examples.columns(), members(), examples.values().options()),
        optimiser_(fill_weights(), network_.gradients(), frozen_squares()),
        total_(at::zeros({members()}, examples.values().options())) {
    const auto rest = structures_ - (steps_.steps - 1) * steps_.batch;
    shapes_.push_back(make_shape(steps_.batch));
    shapes_.push_back(rest == steps_.batch ? shapes_.front() : make_shape(rest));
    for (std::size_t m = 0; m < places_.size(); ++m) {
      if (const auto& state = places_[m]->state) {
        optimiser_.restore(static_cast<std::int64_t>(m), state->optimiser);
      }
    }
  }

  /// @param epoch counted from 0  @return the mean loss of each member
  std::vector<double> run_epoch(int epoch) {
    std::vector<std::vector<std::int64_t>> order(places_.size());
    std::vector<RandomStream> dropout;
    for (std::size_t m = 0; m < places_.size(); ++m) {
      const auto seed = places_[m]->member.seed;
      order[m].resize(static_cast<std::size_t>(structures_));
      std::iota(order[m].begin(), order[m].end(), std::int64_t(0));
      stream_of(seed, Purpose::shuffle, epoch).shuffle(order[m]);
      dropout.push_back(stream_of(seed, Purpose::dropout, epoch));
    }
    total_.zero_();
    for (std::int64_t step = 0; step < steps_.steps; ++step) {
      auto& shape = *shapes_[step + 1 == steps_.steps ? 1 : 0];
      std::vector<std::vector<std::int64_t>> chosen;
      for (const auto& positions : order) {
        const auto first = positions.begin() + step * steps_.batch;
        chosen.emplace_back(first, first + shape.batch.structures());
      }
      run_errands();
      batches_.fill(shape.batch, chosen, dropout);
      optimiser_.set_rate(
          triangular2(optimiser_.steps(), configuration_.init_lr, configuration_.max_lr, steps_.half_cycle));
      shape.step->run();
      optimiser_.end_step();
    }
    const auto sums = total_.to(at::kDouble).cpu();
    std::vector<double> losses(sums.data_ptr<double>(), sums.data_ptr<double>() + sums.numel());
    for (auto& loss : losses) {
      loss /= static_cast<double>(structures_);
    }
    return losses;
  }

  TrainingState state(std::size_t m) const {
    const auto& record = places_[m]->result->record;
    return {record.epochs, record.loss, weights(m).clone(), optimiser_.state(static_cast<std::int64_t>(m))};
  }
  /// The weights of a member into its network.
  void hand_over(std::size_t m) const { places_[m]->result->network.weights().flat().copy_(weights(m)); }
  bool is_finite(std::size_t m) const { return weights(m).isfinite().all().item<bool>(); }

private:
  /// One number of structures in a step.
  struct Shape {
    StackBatch batch;
    std::unique_ptr<RepeatedStep> step;
  };

  std::int64_t members() const { return static_cast<std::int64_t>(places_.size()); }
  at::Tensor weights(std::size_t m) const { return network_.weights().flat()[static_cast<std::int64_t>(m)]; }

  std::shared_ptr<Shape> make_shape(std::int64_t structures) {
    auto shape = std::make_shared<Shape>(Shape{batches_.make(members(), structures), nullptr});
    // Not owned by what it owns.
    auto* const batch = &shape->batch;
    shape->step = std::make_unique<RepeatedStep>(total_.device(), [this, batch, structures] {
      const at::NoGradGuard only_where_asked;
      total_.add_(network_.losses_and_gradients(batches_, *batch), static_cast<double>(structures));
      optimiser_.move();
    });
    return shape;
  }

  /// The state of each member, new or resumed.
  const Parameters& fill_weights() {
    for (std::size_t m = 0; m < places_.size(); ++m) {
      const auto& state = places_[m]->state;
      weights(m).copy_(state ? state->weights : places_[m]->result->network.weights().flat());
    }
    return network_.weights();
  }

  at::Tensor frozen_squares() const {
    std::vector<double> squares;
    for (const auto* place : places_) {
      for (const auto& name : network_.weights().names()) {
        squares.push_back(frozen_square(place->result->network, name));
      }
    }
    return at::tensor(squares, at::kDouble).view({members(), -1}).to(network_.weights().flat().options());
  }

  const AtomSetsConfiguration& configuration_;
  const Places& places_;
  std::int64_t structures_;
  EpochSteps steps_;
  SideStream stream_;
  StackBatches batches_;
  StackNetwork network_;
  StackOptimiser optimiser_;
  at::Tensor total_;                           ///< [members] loss x structures of the epoch
  std::vector<std::shared_ptr<Shape>> shapes_; ///< for all steps but the last, and for the last
};

/// Notes an epoch of every member that has not diverged. @return whether any is left
bool note_epoch(const Stack& stack, const Places& places, const std::vector<double>& losses, bool last) {
  bool any = false;
  for (std::size_t m = 0; m < places.size(); ++m) {
    auto& record = places[m]->result->record;
    if (record.diverged) {
      continue;
    }
    ++record.epochs;
    record.loss = losses[m];
    record.diverged = !std::isfinite(record.loss) || (last && !stack.is_finite(m));
    any = any || !record.diverged;
  }
  return any;
}

void keep_states(const Stack& stack, const Places& places) {
  for (std::size_t m = 0; m < places.size(); ++m) {
    if (places[m]->checkpoint && !places[m]->result->record.diverged) {
      places[m]->checkpoint->write(stack.state(m));
    }
  }
}

/// Trains members that are at the same epoch to their end, or until they are interrupted.
void train_equals(const AtomSetsConfiguration& configuration, const Examples& examples, const Places& places,
                  const std::function<bool()>& interrupted) {
  Stack stack(configuration, examples, places);
  int epoch = places.front()->result->record.epochs;
  while (epoch < configuration.epochs) {
    const auto losses = stack.run_epoch(epoch);
    ++epoch;
    const bool last = epoch == configuration.epochs;
    if (!note_epoch(stack, places, losses, last)) {
      break;
    }
    const bool ending = !last && interrupted && interrupted();
    // Every member has its own clock and signals; all are polled, so that each sees its own.
    const bool due = std::count_if(places.begin(), places.end(), [](const auto* place) {
                       return place->checkpoint && place->checkpoint->due();
                     }) > 0;
    if (!last && (ending || due)) {
      keep_states(stack, places);
    }
    if (ending) {
      for (auto* place : places) {
        place->result->record.interrupted = !place->result->record.diverged;
      }
      break;
    }
  }
  for (std::size_t m = 0; m < places.size(); ++m) {
    stack.hand_over(m);
  }
}

} // namespace

std::vector<StackResult> train_stack(const AtomSetsConfiguration& configuration, const Examples& examples,
                                     const std::vector<StackMember>& members, const AtomSets* start,
                                     const std::function<bool()>& interrupted) {
  const at::NoGradGuard only_where_asked;
  std::vector<StackResult> results;
  results.reserve(members.size());
  std::vector<Place> places;
  places.reserve(members.size());
  std::map<int, Places> equals;
  for (const auto& member : members) {
    results.push_back({AtomSets(configuration, examples.columns(), examples.values().options()), {}});
    auto& result = results.back();
    begin(result.network, member.seed, start);
    auto& place = places.emplace_back(Place{member, &result, {}, {}});
    if (member.checkpoint != nullptr) {
      place.checkpoint.emplace(*member.checkpoint, member.seed);
      place.state = place.checkpoint->read(result.network);
    }
    if (place.state) {
      result.record.epochs = place.state->epochs;
      result.record.loss = place.state->loss;
    }
    equals[result.record.epochs].push_back(&place);
  }
  bool ending = false;
  for (const auto& [epochs, stack] : equals) {
    if (!ending) {
      train_equals(configuration, examples, stack, interrupted);
      ending = std::any_of(stack.begin(), stack.end(),
                           [](const auto* p) { return p->result->record.interrupted; });
    } else { // what they go on from is in their files
      std::for_each(stack.begin(), stack.end(), [](auto* p) { p->result->record.interrupted = true; });
    }
  }
  return results;
}

} // namespace ionsift::learn
