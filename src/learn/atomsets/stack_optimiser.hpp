// SPDX-License-Identifier: BSD-3-Clause
// LAMB inside Lookahead for a stack of members.
#pragma once

#include "parameters.hpp"
#include "tensor/lamb.hpp"

namespace ionsift::learn {

/// Lamb for every member separately: norms are per member and tensor. All members are at the
/// same step.
class StackOptimiser {
public:
  /// @param frozen_square [members x tensors] sums of squares that count in norms and never change
  StackOptimiser(const Parameters& weights, const Parameters& gradients, at::Tensor frozen_square,
                 const LookaheadOptions& lookahead = {});

  /// Writes the next step's inputs other than gradients, from the host, before `move`.
  void set_rate(double rate);
  /// The next step of LAMB, on the device alone: a captured graph may replay it.
  void move();
  /// Lookahead, where it is due, and on to the next step.
  void end_step();

  std::int64_t steps() const { return number_ - 1; }
  /// Of one member, as Lamb::state.
  LambState state(std::int64_t member) const;
  /// @param state of one member; all members are to be restored from the same step
  void restore(std::int64_t member, const LambState& state);

private:
  at::Tensor norms(const at::Tensor& flat) const;

  at::Tensor weight_, gradient_, first_moment_, second_moment_, slow_; ///< [members x parameters]
  at::Tensor frozen_square_;
  std::vector<std::int64_t> lengths_; ///< lengths of the tensors
  at::Tensor tensor_of_;              ///< [parameters] which tensor a parameter belongs to
  at::Tensor factors_;                ///< [3] rate, 1 / (1 - beta^number) of both moments
  LookaheadOptions lookahead_;
  LambStep constants_;
  std::int64_t number_ = 1;
};

} // namespace ionsift::learn
