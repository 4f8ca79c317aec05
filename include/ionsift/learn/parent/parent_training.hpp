// SPDX-License-Identifier: BSD-3-Clause
// Training of a parent network on a property, or by distillation from a teacher.
#pragma once

#include "ionsift/learn/graphs/graph_examples.hpp"
#include "ionsift/learn/model/checkpoint.hpp"
#include "ionsift/learn/model/parent_shape.hpp"
#include "ionsift/parallel/communicator.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ionsift::learn {

struct ParentTraining {
  ParentShape shape;
  bool sigmoid = false;         ///< train a classifier; targets are 0 to 1
  bool squared = true;          ///< loss of a prediction: the squared error, or the absolute one
  double prediction_weight = 1; ///< weight of the prediction's loss beside the three levels', with a teacher
  int epochs = 100;
  int batch = 64; ///< structures in one step
  int piece = 16; ///< structures of a batch that one rank processes at a time
  double learning_rate =
      1e-3;          ///< the highest; it rises over the first epoch's twentieth and falls as a cosine
  int patience = 20; ///< epochs without a better validation loss before training ends; 0: never
  double validation_share = 0.05; ///< share of the ids for the best epoch and early stopping
  double test_share = 0.1;        ///< share of the ids evaluated once, at the end
  std::int64_t max_edges =
      0; ///< structures with more distinct edges are not trained on (but held out); 0: all are
  std::uint64_t seed = 1;
  Checkpoint checkpoint;                  ///< no file: none
  std::function<bool()> interrupted = {}; ///< called after every step; true on any rank ends all
};

enum class ParentSet : std::uint8_t { train, validation, test, too_large };

struct ParentEpoch {
  int number = 0;
  double loss = 0; ///< mean over the training structures during the epoch
  double validation_loss =
      0; ///< of targets in units of their standard deviation; with a teacher also of levels
  double validation_error =
      0; ///< mean absolute error in the target's unit; of a classifier, of probabilities
  double seconds = 0;
};

/// Errors of a network on structures outside its training set.
struct HeldOut {
  std::size_t structures = 0;
  double mean_absolute_error = 0;
  double accuracy = 0;                  ///< accuracy of a classifier at 0.5
  std::array<double, 3> explained = {}; ///< with a teacher: share of the variance of V1, V2, V3
};

struct ParentFit {
  megnet::Weights<double>
      weights;               ///< of the best epoch, in the published layout, predicting in the target's unit
  std::vector<int> elements; ///< elements of the training part
  double target_mean = 0, target_scale = 1; ///< scaling of the training part; already applied to the weights
  std::vector<ParentEpoch> epochs;
  int best = 0;                   ///< number of the best epoch
  std::vector<ParentSet> set;     ///< [n]
  std::vector<double> prediction; ///< [n] predictions, NaN for structures that were not held out
  HeldOut validation, test;
  bool interrupted = false; ///< then the state is in the checkpoint and the weights are not to be used
};

/// Trains with Adam on batches that are reshuffled every epoch. Collective.
///
/// A batch consists of pieces, whose gradients ranks compute; they are summed piece by piece in double, so
/// the weights are the same bits for any number of ranks (on the same kind of processor, with the same number
/// of threads), and after an interruption. Ranks beyond batch / piece have nothing to do.
/// @param converter the graphs' own
/// @throws Error usage (shape, shares), data (a part without structures), numeric (loss not finite)
ParentFit fit_parent(const parallel::Communicator& comm, const GraphExamples& examples,
                     const megnet::GraphConverter& converter, const ParentTraining& options);

/// Predictions of a parent's file for the test structures of a fit, computed as in featurize; collective.
/// Structures with an element that it has not learned are left out and not counted.
/// @throws Error usage when its graph converter has another cutoff than the graphs
HeldOut judge_parent(const parallel::Communicator& comm, const GraphExamples& examples,
                     const std::vector<ParentSet>& sets, const megnet::Parent& parent,
                     const megnet::GraphConverter& converter);

} // namespace ionsift::learn
