// SPDX-License-Identifier: BSD-3-Clause
#include "stack_network.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/baddbmm.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/zeros.h>

namespace ionsift::learn {

namespace {

/// x W + b of every member. @param x [members x n x in]
at::Tensor affine(const at::Tensor& x, const at::Tensor& kernel, const at::Tensor& bias) {
  return at::baddbmm(bias.unsqueeze(1), x, kernel);
}

at::Tensor clip_gate(const at::Tensor& z) {
  return z.mul(0.2).add(0.5).clamp(0, 1);
}

/// Results of a step of the recurrence, each [members x n x hidden]; n = 1 as long as nothing of a structure
/// has been read.
struct Readout {
  at::Tensor h, state, read;
};

/// Gates i, g, o and, where the state is carried, f. @param z [members x n x gates hidden]
Readout pass_gate(const at::Tensor& z, const at::Tensor& state, bool carried, std::int64_t hidden) {
  const auto gate = [&](std::int64_t i) { return z.narrow(2, i * hidden, hidden); };
  auto product = clip_gate(gate(0)) * gate(1).tanh();
  if (carried && state.defined()) {
    product = product + clip_gate(gate(3)) * state;
  }
  return {clip_gate(gate(2)) * product.tanh(), carried ? product : at::Tensor(), {}};
}

} // namespace

StackNetwork::StackNetwork(const AtomSetsConfiguration& configuration, std::int64_t columns,
                           std::int64_t members, const at::TensorOptions& options)
    : configuration_(configuration), weights_(configuration, columns, options, members),
      gradients_(configuration, columns, options, members), leaves_(weights_.leaves(gradients_)) {
}

at::Tensor StackNetwork::dense(const std::vector<Dense>& layers, at::Tensor x,
                               const std::vector<at::Tensor>& masks) const {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    x = affine(x, layers[i].kernel, layers[i].bias).relu();
    if (!masks.empty()) {
      x = x * masks[i];
    }
  }
  return x;
}

/// The recurrence of Set2Set. @param memory [members x rows x hidden]  @param log_weight [members x
/// structures x rows]  @return [members x structures x 2 hidden]
at::Tensor StackNetwork::read_out(const at::Tensor& memory, const at::Tensor& log_weight) const {
  const auto hidden = memory.size(2);
  const bool carried = configuration_.readout_cell == ReadoutCell::lstm;
  const auto memory_by_column = memory.transpose(1, 2);
  const auto read = [&](Readout& step) {
    step.read = at::bmm(at::softmax(at::bmm(step.h, memory_by_column) + log_weight, 2), memory);
  };
  auto step = pass_gate(leaves_.recurrent_bias.unsqueeze(1), {}, carried, hidden);
  read(step);
  for (int t = 1; t < configuration_.readout_steps; ++t) {
    // Apart, because the first h is one row for all structures.
    const auto from_h = affine(step.h, leaves_.recurrent.narrow(1, 0, hidden), leaves_.recurrent_bias);
    const auto z = from_h + at::bmm(step.read, leaves_.recurrent.narrow(1, hidden, hidden));
    step = pass_gate(z, step.state, carried, hidden);
    read(step);
  }
  return at::cat({step.h.expand_as(step.read), step.read}, 2);
}

/// Factor x sum of squares of the kernels [members].
at::Tensor StackNetwork::penalties(const std::vector<Dense>& layers, double factor) const {
  auto sum = at::zeros({weights_.flat().size(0)}, weights_.flat().options());
  for (const auto& layer : layers) {
    sum = sum + layer.kernel.square().sum({1, 2}) * factor;
  }
  return sum;
}

at::Tensor StackNetwork::losses_and_gradients(const StackBatches& batches, const StackBatch& batch) {
  const auto values = batches.values(batch);
  const auto log_weight = batches.log_weight(batch);
  const auto label = batches.label(batch);
  gradients_.flat().zero_();

  const at::AutoGradMode recording(true);
  const auto rows = dense(leaves_.phi, values, batch.mask_before);
  const auto memory = affine(rows, leaves_.memory.kernel, leaves_.memory.bias);
  const auto last = dense(leaves_.rho, read_out(memory, log_weight), batch.mask_after);
  const auto logit = affine(last, leaves_.out.kernel, leaves_.out.bias).squeeze(2);
  auto losses = at::binary_cross_entropy_with_logits(logit, label, {}, {}, at::Reduction::None).mean(1);
  if (configuration_.l2_before > 0) {
    losses = losses + penalties(leaves_.phi, configuration_.l2_before);
  }
  if (configuration_.l2_after > 0) {
    losses = losses + penalties(leaves_.rho, configuration_.l2_after);
  }
  losses.sum().backward();
  return losses.detach();
}

} // namespace ionsift::learn
