// SPDX-License-Identifier: BSD-3-Clause
// The weights of one AtomSets network, in one block of memory.
#pragma once

#include "ionsift/learn/model/configuration.hpp"

#include "tensor/dense.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ionsift::learn {

/// All trainable tensors of a network, or their gradients, or an optimiser's moments: views of one flat
/// tensor, so that uniform operations take a single pass.
///
/// The published recurrence never carries its cell state over, so the forget gate has no effect and no
/// gradient; it is no part of this block. `Forget` keeps its weights, which count in the norm of the
/// published recurrent kernel and bias, and in files. With an LSTM the forget gate is the last of four gates
/// of this block.
class Parameters {
public:
  /// Zeros. @param columns of the feature rows  @param members 0: one network; else so many networks of one
  /// shape, and all tensors, also the flat one, have a leading dimension of that length
  Parameters(const AtomSetsConfiguration& configuration, std::int64_t columns,
             const at::TensorOptions& options, std::int64_t members = 0);

  std::vector<Dense> phi;    ///< before the readout
  Dense memory;              ///< m = x W + b
  at::Tensor recurrent;      ///< [2 hidden x 3 hidden], gates i, g, o; inputs h, r; LSTM: i, g, o, f
  at::Tensor recurrent_bias; ///< [3 hidden]; LSTM: [4 hidden]
  std::vector<Dense> rho;    ///< after the readout
  Dense out;

  const at::Tensor& flat() const { return flat_; }
  /// The tensors in the order of the flat block, with their names in files ("phi.0.kernel").
  const std::vector<std::string>& names() const { return names_; }
  const std::vector<at::Tensor>& tensors() const { return tensors_; }
  /// The same tensors as leaves of libtorch's autograd, sharing memory with these; their gradients are
  /// accumulated in `gradients`, of the same shape.
  Parameters leaves(const Parameters& gradients) const;

private:
  template <typename Self, typename Visit>
  static void for_each(Self& self, Visit visit);

  at::Tensor flat_;
  std::vector<std::string> names_;
  std::vector<at::Tensor> tensors_;
};

/// The part of the published recurrent kernel and bias that has no effect, constant through training. Zero
/// with an LSTM, whose forget gate is among the parameters.
struct Forget {
  at::Tensor kernel; ///< [2 hidden x hidden]
  at::Tensor bias;   ///< [hidden]
};

/// The published tensors of four gates i, f, g, o. @return kernel [2 hidden x 4 hidden], bias [4 hidden]
Dense with_forget_gate(const Parameters& parameters, const Forget& forget);
/// The inverse: fills the recurrent tensors of `parameters` and returns what is left.
Forget take_forget_gate(const Dense& four_gates, Parameters& parameters);

} // namespace ionsift::learn
