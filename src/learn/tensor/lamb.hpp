// SPDX-License-Identifier: BSD-3-Clause
// LAMB inside Lookahead, and the cycles of the learning rate (METHOD: section 4).
#pragma once

#include "tensor_kernels.hpp"

namespace ionsift::learn {

/// triangular2: from `low` up to `high` and back in 2 x `half_cycle` steps, the height halved with every
/// cycle.
/// @param step counted from 0
double triangular2(std::int64_t step, double low, double high, double half_cycle);

struct LookaheadOptions {
  int period = 6;         ///< steps between synchronisations; 0 leaves Lookahead out
  double slow_step = 0.5; ///< how far the slow weights follow
};

/// The state of an optimiser, as new tensors. Each has all parameters in a row, in the
/// order of the tensors it moves.
struct LambState {
  std::int64_t steps = 0;
  at::Tensor first_moment, second_moment;
  at::Tensor slow; ///< Lookahead's weights; those of the network without Lookahead
};

/// LAMB: Adam's bias-corrected update u, every tensor's step scaled by |w| / |u|, by 1 where either is zero.
/// Lookahead: every `period` steps the slow weights move half-way to the fast ones, which restart from there.
class Lamb {
public:
  /// @param tensors weights and gradients; the moments are made here
  Lamb(std::vector<LambTensor> tensors, const Kernels& kernels, const LookaheadOptions& lookahead = {});

  /// One step with the gradients as they are now.
  void step(double rate);
  std::int64_t steps() const { return step_.number - 1; }
  LambState state() const;
  /// Resumes from the state of another optimiser. The weights are not touched.
  void restore(const LambState& state);

private:
  std::vector<LambTensor> tensors_;
  const Kernels& kernels_;
  LookaheadOptions lookahead_;
  std::vector<at::Tensor> slow_;
  LambStep step_;
};

} // namespace ionsift::learn
