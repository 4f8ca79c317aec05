// SPDX-License-Identifier: BSD-3-Clause
// Members of one configuration as one network whose tensors have a leading member dimension.
#pragma once

#include "parameters.hpp"
#include "stack_batch.hpp"

namespace ionsift::learn {

/// The network of AtomSets (METHOD: section 4) for all members at once, with the same exact savings. On an
/// accelerator one member's step is too little work for one kernel; side by side they fill it. The backward
/// pass is libtorch's: there its cost is nothing, since a captured step records nothing again. On the CPU
/// single networks are faster.
class StackNetwork {
public:
  /// Zeros. @param options single precision for use, double for checks
  StackNetwork(const AtomSetsConfiguration& configuration, std::int64_t columns, std::int64_t members,
               const at::TensorOptions& options);

  /// Fills `gradients` of each member's mean binary cross-entropy + L2. No member feels another.
  /// @return the losses [members]
  at::Tensor losses_and_gradients(const StackBatches& batches, const StackBatch& batch);

  const Parameters& weights() const { return weights_; }
  const Parameters& gradients() const { return gradients_; }

private:
  at::Tensor dense(const std::vector<Dense>& layers, at::Tensor x,
                   const std::vector<at::Tensor>& masks) const;
  at::Tensor read_out(const at::Tensor& memory, const at::Tensor& log_weight) const;
  at::Tensor penalties(const std::vector<Dense>& layers, double factor) const;

  AtomSetsConfiguration configuration_;
  Parameters weights_, gradients_;
  Parameters leaves_; ///< the weights, as autograd sees them
};

} // namespace ionsift::learn
