// SPDX-License-Identifier: BSD-3-Clause
// The weighted set2set readout with an explicit backward pass.
#pragma once

#include "parameters.hpp"
#include "tensor/tensor_kernels.hpp"

namespace ionsift::learn {

/// Intermediate results of the forward pass for the backward pass.
struct Set2SetTape {
  struct Step {
    at::Tensor gates;     ///< [n x 3 hidden] i, g, o after their activations; LSTM: [n x 4 hidden] i, g, o, f
    at::Tensor state;     ///< [n x hidden] f state + i g of an LSTM; else undefined
    at::Tensor cell;      ///< [n x hidden] tanh(i g); LSTM: tanh(state)
    at::Tensor query;     ///< [structures x 2 hidden] h and read; undefined in step 1
    at::Tensor h;         ///< [n x hidden]; in step 1 n = 1, since nothing of a structure has been read yet
    at::Tensor read;      ///< [structures x hidden]
    at::Tensor attention; ///< as Kernels::attend gave it
  };
  at::Tensor input;  ///< [rows x width]
  at::Tensor memory; ///< [rows x hidden]
  std::vector<Step> steps;
};

/// Rows of structures -> one vector [2 hidden] for each, by the published recurrence (METHOD: section 3):
/// m = x W + b; q = 0; T times: z = q R + r, gates i, g, o, h = o tanh(i tanh(g)), attention a = softmax over
/// the structure's rows of (m . h), weighted by the rows' weights, q = [h, a m]. As published, the cell state
/// is never carried from step to step: "published", the default.
///
/// ReadoutCell::lstm is what arXiv 1511.06391 (equation 3) has there: h, c = LSTM(q, c), so c = f c + i g and
/// h = o tanh(c), with the gate functions as above and c = 0 at first. (There z is made of q alone, as here.)
///
/// The first step's product with q = 0 is left out, and its h, which is the same for all structures, is
/// computed once; both are exact.
class Set2Set {
public:
  Set2Set(const Parameters& weights, const Kernels& kernels, const AtomSetsConfiguration& configuration)
      : weights_(weights), kernels_(kernels), steps_(configuration.readout_steps),
        carried_(configuration.readout_cell == ReadoutCell::lstm) {}

  /// @param x [rows x width]  @return [structures x 2 hidden]
  at::Tensor forward(const Ragged& ragged, const at::Tensor& x, Set2SetTape& tape) const;

  /// Writes the gradients of `memory`, `recurrent` and `recurrent_bias`.
  /// @param output_gradient [structures x 2 hidden], contiguous; used as work space
  /// @return the gradient of x [rows x width]
  at::Tensor backward(const Ragged& ragged, const Set2SetTape& tape, const at::Tensor& output_gradient,
                      Parameters& gradients) const;

private:
  void pass_gate(Set2SetTape::Step& step, const at::Tensor& previous) const;
  Set2SetTape::Step first_step(const Ragged& ragged, const at::Tensor& memory) const;
  Set2SetTape::Step next_step(const Ragged& ragged, const at::Tensor& memory,
                              const Set2SetTape::Step& previous) const;

  const Parameters& weights_;
  const Kernels& kernels_;
  int steps_;
  bool carried_;
};

} // namespace ionsift::learn
