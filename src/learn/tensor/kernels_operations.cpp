// SPDX-License-Identifier: BSD-3-Clause
// Kernels for accelerators: only dense operations, since scattered additions are neither fast nor
// deterministic there.
#include "tensor_kernels.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/logical_and.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/where.h>

#include <cmath>

namespace ionsift::learn {

namespace {

/// clip(0.2 z + 0.5, 0, 1), in place.
at::Tensor clip_in_place(const at::Tensor& z) {
  return z.mul_(0.2).add_(0.5).clamp_(0, 1);
}

/// Its slope, computed from its value.
at::Tensor clip_slope(const at::Tensor& value) {
  return at::logical_and(value > 0, value < 1).to(value.scalar_type()).mul_(0.2);
}

void lamb_step(const LambTensor& tensor, const LambStep& step) {
  tensor.first_moment.lerp_(tensor.gradient, 1 - step.beta1);
  tensor.second_moment.mul_(step.beta2).addcmul_(tensor.gradient, tensor.gradient, 1 - step.beta2);
  const double bias1 = 1 - std::pow(step.beta1, step.number);
  const double bias2 = 1 - std::pow(step.beta2, step.number);
  const auto update =
      (tensor.first_moment / bias1).div_((tensor.second_moment / bias2).sqrt_().add_(step.epsilon));
  const auto weight_square = tensor.weight.square().sum().add_(tensor.frozen_square);
  const auto update_square = update.square().sum();
  const auto scaled = at::logical_and(weight_square > 0, update_square > 0);
  const auto ratio = at::where(scaled, (weight_square / update_square).sqrt_(), at::ones_like(weight_square));
  tensor.weight.addcmul_(update, ratio, -step.rate);
}

class OperationKernels final : public Kernels {
public:
  at::Tensor attend(const Ragged& ragged, const at::Tensor& memory, const at::Tensor& h,
                    const at::Tensor& read) const override {
    auto attention = at::softmax(h.mm(memory.t()) + ragged.log_weight, 1);
    read.copy_(attention.mm(memory));
    return attention;
  }

  void attend_backward(const Ragged&, const at::Tensor& memory, const at::Tensor& h,
                       const at::Tensor& attention, const at::Tensor& read, const at::Tensor& read_gradient,
                       const at::Tensor& memory_gradient, const at::Tensor& h_gradient) const override {
    const auto mean = (read * read_gradient).sum(1, true);
    const auto score_gradient = read_gradient.mm(memory.t()).sub_(mean).mul_(attention);
    memory_gradient.addmm_(attention.t(), read_gradient);
    if (h.size(0) == 1) {
      const auto total = score_gradient.sum(0, true);
      memory_gradient.addmm_(total.t(), h);
      h_gradient.addmm_(total, memory);
    } else {
      memory_gradient.addmm_(score_gradient.t(), h);
      h_gradient.addmm_(score_gradient, memory);
    }
  }

  void gate(const at::Tensor& z, const at::Tensor& cell, const at::Tensor& h) const override {
    const auto hidden = cell.size(1);
    const auto i = clip_in_place(z.narrow(1, 0, hidden));
    const auto g = z.narrow(1, hidden, hidden).tanh_();
    const auto o = clip_in_place(z.narrow(1, 2 * hidden, hidden));
    cell.copy_(i).mul_(g).tanh_();
    h.copy_(cell).mul_(o);
  }

  void gate_backward(const at::Tensor& gates, const at::Tensor& cell, const at::Tensor& h_gradient,
                     const at::Tensor& z_gradient) const override {
    const auto hidden = cell.size(1);
    const auto i = gates.narrow(1, 0, hidden);
    const auto g = gates.narrow(1, hidden, hidden);
    const auto o = gates.narrow(1, 2 * hidden, hidden);
    const auto product_gradient = h_gradient * o * (1 - cell.square());
    z_gradient.narrow(1, 0, hidden).copy_(product_gradient * g * clip_slope(i));
    z_gradient.narrow(1, hidden, hidden).copy_(product_gradient * i * (1 - g.square()));
    z_gradient.narrow(1, 2 * hidden, hidden).copy_(h_gradient * cell * clip_slope(o));
  }

  void gate_carried(const at::Tensor& z, const at::Tensor& previous, const at::Tensor& state,
                    const at::Tensor& cell, const at::Tensor& h) const override {
    const auto hidden = cell.size(1);
    const auto i = clip_in_place(z.narrow(1, 0, hidden));
    const auto g = z.narrow(1, hidden, hidden).tanh_();
    const auto o = clip_in_place(z.narrow(1, 2 * hidden, hidden));
    const auto f = clip_in_place(z.narrow(1, 3 * hidden, hidden));
    state.copy_(i).mul_(g).addcmul_(f, previous);
    cell.copy_(state).tanh_();
    h.copy_(cell).mul_(o);
  }

  void gate_carried_backward(const at::Tensor& gates, const at::Tensor& previous, const at::Tensor& cell,
                             const at::Tensor& h_gradient, const at::Tensor& state_gradient,
                             const at::Tensor& z_gradient) const override {
    const auto hidden = cell.size(1);
    const auto i = gates.narrow(1, 0, hidden);
    const auto g = gates.narrow(1, hidden, hidden);
    const auto o = gates.narrow(1, 2 * hidden, hidden);
    const auto f = gates.narrow(1, 3 * hidden, hidden);
    state_gradient.add_(h_gradient * o * (1 - cell.square()));
    z_gradient.narrow(1, 0, hidden).copy_(state_gradient * g * clip_slope(i));
    z_gradient.narrow(1, hidden, hidden).copy_(state_gradient * i * (1 - g.square()));
    z_gradient.narrow(1, 2 * hidden, hidden).copy_(h_gradient * cell * clip_slope(o));
    z_gradient.narrow(1, 3 * hidden, hidden).copy_(state_gradient * previous * clip_slope(f));
    state_gradient.mul_(f);
  }

  void lamb(const std::vector<LambTensor>& tensors, const LambStep& step) const override {
    for (const auto& tensor : tensors) {
      lamb_step(tensor, step);
    }
  }
};

} // namespace

const Kernels& operation_kernels() {
  static const OperationKernels kernels;
  return kernels;
}

} // namespace ionsift::learn
