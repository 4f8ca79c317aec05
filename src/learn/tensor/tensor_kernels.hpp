// SPDX-License-Identifier: BSD-3-Clause
// The inner loops of network and optimiser, in two forms: loops for the CPU, where a call into libtorch costs
// as much as the arithmetic of a small network, and libtorch's own operations for every other device.
#pragma once

#include "ragged.hpp"

namespace ionsift::learn {

/// Factors of one LAMB step (METHOD: section 4).
struct LambStep {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-6;
  double rate = 0;
  std::int64_t number = 1; ///< counted from 1, for the bias correction
};

/// One tensor as an optimiser sees it; all contiguous and of the same shape.
struct LambTensor {
  at::Tensor weight, gradient, first_moment, second_moment;
  double frozen_square = 0; ///< sum of squares of weights that belong to it and never change
};

/// Both forms compute the same; a test holds them to each other.
class Kernels {
public:
  virtual ~Kernels() = default;

  /// a_r = w_r exp(m_r . h_s) / sum over the rows of structure s; read_s = sum a_r m_r.
  /// @param memory [rows x hidden]  @param h [structures or 1 x hidden], one row serves all structures
  /// @param read   [structures x hidden], written; rows may be strided
  /// @return a, for attend_backward
  virtual at::Tensor attend(const Ragged& ragged, const at::Tensor& memory, const at::Tensor& h,
                            const at::Tensor& read) const = 0;
  /// Adds to the gradients of memory and h.
  /// @param attention, read what `attend` gave
  virtual void attend_backward(const Ragged& ragged, const at::Tensor& memory, const at::Tensor& h,
                               const at::Tensor& attention, const at::Tensor& read,
                               const at::Tensor& read_gradient, const at::Tensor& memory_gradient,
                               const at::Tensor& h_gradient) const = 0;

  /// Gates i, g, o in z become clip(0.2 z + 0.5, 0, 1), tanh z, clip(0.2 z + 0.5, 0, 1), in place;
  /// cell = tanh(i g); h = o cell.
  /// @param z [n x 3 hidden]  @param cell [n x hidden], written  @param h [n x hidden], written, may be
  /// strided
  virtual void gate(const at::Tensor& z, const at::Tensor& cell, const at::Tensor& h) const = 0;
  /// @param gates what `gate` left in z  @param z_gradient [n x 3 hidden], written
  virtual void gate_backward(const at::Tensor& gates, const at::Tensor& cell, const at::Tensor& h_gradient,
                             const at::Tensor& z_gradient) const = 0;

  /// The same for a gate z [n x 4 hidden] i, g, o, f of an LSTM: state = f previous + i g; cell = tanh state;
  /// h = o cell.
  /// @param previous [n or 1 x hidden], one row serves all  @param state [n x hidden], written
  virtual void gate_carried(const at::Tensor& z, const at::Tensor& previous, const at::Tensor& state,
                            const at::Tensor& cell, const at::Tensor& h) const = 0;
  /// @param state_gradient [n x hidden], what later steps give; becomes the gradient of `previous`, a row for
  /// each structure also where one served all
  virtual void gate_carried_backward(const at::Tensor& gates, const at::Tensor& previous,
                                     const at::Tensor& cell, const at::Tensor& h_gradient,
                                     const at::Tensor& state_gradient,
                                     const at::Tensor& z_gradient) const = 0;

  /// Moves weights and moments of every tensor by one step.
  virtual void lamb(const std::vector<LambTensor>& tensors, const LambStep& step) const = 0;
};

const Kernels& loop_kernels();
const Kernels& operation_kernels();

/// The form for a device.
inline const Kernels& kernels_for(const at::Device& device) {
  return device.is_cpu() ? loop_kernels() : operation_kernels();
}

} // namespace ionsift::learn
