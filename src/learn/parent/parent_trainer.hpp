// SPDX-License-Identifier: BSD-3-Clause
// The steps and epochs of a parent's training.
#pragma once

#include "ionsift/base/timer.hpp"

#include "parent_objective.hpp"
#include "tensor/adam.hpp"
#include "tensor/state_file.hpp"

#include <optional>
#include <vector>

namespace ionsift::learn {

/// A training between two steps. Random draws follow from seed and epoch, so there is no
/// generator state to save.
struct ParentState {
  int epoch = 0;          ///< finished epochs
  std::int64_t begin = 0; ///< finished structures of the current epoch
  double loss = 0;        ///< sum of their losses
  std::vector<ParentEpoch> epochs;
  int best = 0;
  double best_loss = 0;
  at::Tensor best_weights;
};

/// The prediction of one held-out structure.
struct ParentEvaluation {
  double loss = 0, prediction = 0;
  double level[3] = {};
};

class ParentTrainer {
public:
  ParentTrainer(const parallel::Communicator& comm, const GraphExamples& examples,
                const megnet::GraphConverter& converter, const ParentTraining& options,
                std::vector<std::size_t> train, std::vector<std::size_t> validation);

  /// Runs to the end, or until it is interrupted: then false. Collective.
  bool run();
  /// Predictions with the weights of the best epoch. Collective. @return [positions]
  std::vector<ParentEvaluation> evaluate(const std::vector<std::size_t>& positions);
  void use_best_weights();

  const MegnetModule& module() const { return module_; }
  const ParentObjective& objective() const { return objective_; }
  const ParentState& state() const { return state_; }

private:
  /// The request of any rank after a step; the same on all.
  struct Wishes {
    bool end, keep;
  };
  /// @return whether the training continues
  bool run_epoch();
  /// Gradients of this rank's pieces of a batch, summed over all; the batch's losses go into the state.
  /// @param epoch_ends with this batch
  Wishes step(std::span<const std::size_t> batch, bool epoch_ends);
  void end_epoch();
  bool is_over() const;
  std::int64_t steps_of_an_epoch() const;
  void resume();
  void keep();

  const parallel::Communicator& comm_;
  const GraphExamples& examples_;
  const ParentTraining& options_;
  std::vector<std::size_t> train_, validation_;
  ParentObjective objective_;
  MegnetModule module_;
  Adam adam_;
  ParentState state_;
  std::optional<StateFile> file_;
  Stopwatch epoch_watch_;
  std::vector<float> gradients_; ///< [pieces here x parameters]
};

} // namespace ionsift::learn
