// SPDX-License-Identifier: BSD-3-Clause
// The training objective of a parent.
#pragma once

#include "ionsift/learn/parent/parent_training.hpp"

#include "megnet_module.hpp"

#include <span>

namespace ionsift::learn {

/// Losses of the structures of a batch; with gradients.
struct ParentLoss {
  at::Tensor total;      ///< [B]
  at::Tensor prediction; ///< [B] in the target's unit, or a probability
  at::Tensor level; ///< [B x 3] mean squared error of V1, V2, V3 in units of the teacher's variance; may be
                    ///< undefined
};

class ParentObjective {
public:
  /// Scales from the training part: targets to mean 0 and deviation 1, and each of a teacher's columns.
  ParentObjective(const ParentTraining& options, const GraphExamples& examples,
                  std::span<const std::size_t> train);

  ParentLoss operator()(const MegnetModule& module, const GraphBatch& batch) const;

  double mean() const { return mean_; }   ///< 0 for a classifier
  double scale() const { return scale_; } ///< 1 for a classifier

private:
  void scale_targets(const GraphExamples& examples, std::span<const std::size_t> train);
  void scale_columns(const GraphExamples& examples, std::span<const std::size_t> train);
  at::Tensor level_losses(const MegnetModule& module, const MegnetModule::Output& output,
                          const GraphBatch& batch) const;

  bool sigmoid_, squared_;
  double prediction_weight_ = 1;
  double mean_ = 0, scale_ = 1;
  at::Tensor inverse_deviation_; ///< [1 x 96], of a teacher's columns
};

} // namespace ionsift::learn
