// SPDX-License-Identifier: BSD-3-Clause
#include "stack_optimiser.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/logical_and.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>
#include <utility>

namespace ionsift::learn {

StackOptimiser::StackOptimiser(const Parameters& weights, const Parameters& gradients,
                               at::Tensor frozen_square, const LookaheadOptions& lookahead)
    : weight_(weights.flat()), gradient_(gradients.flat()), first_moment_(at::zeros_like(weight_)),
      second_moment_(at::zeros_like(weight_)), frozen_square_(std::move(frozen_square)),
      lookahead_(lookahead) {
  if (lookahead_.period > 0) {
    slow_ = weight_.clone();
  }
  tensor_of_ = at::zeros({weight_.size(1)}, weight_.options().dtype(at::kLong));
  std::int64_t begin = 0;
  for (const auto& tensor : weights.tensors()) {
    const auto length = tensor.numel() / weight_.size(0);
    tensor_of_.narrow(0, begin, length).fill_(static_cast<std::int64_t>(lengths_.size()));
    lengths_.push_back(length);
    begin += length;
  }
  factors_ = at::zeros({3}, weight_.options());
}

void StackOptimiser::set_rate(double rate) {
  const double bias1 = 1 - std::pow(constants_.beta1, number_);
  const double bias2 = 1 - std::pow(constants_.beta2, number_);
  factors_.copy_(at::tensor({rate, 1 / bias1, 1 / bias2}, at::kDouble));
}

/// Sums of squares of every tensor [members x tensors].
at::Tensor StackOptimiser::norms(const at::Tensor& flat) const {
  const auto square = flat.square();
  std::vector<at::Tensor> sums;
  std::int64_t begin = 0;
  for (const auto length : lengths_) {
    sums.push_back(square.narrow(1, begin, length).sum(1));
    begin += length;
  }
  return at::stack(sums, 1);
}

void StackOptimiser::move() {
  first_moment_.lerp_(gradient_, 1 - constants_.beta1);
  second_moment_.mul_(constants_.beta2).addcmul_(gradient_, gradient_, 1 - constants_.beta2);
  const auto update =
      (first_moment_ * factors_[1]).div_((second_moment_ * factors_[2]).sqrt_().add_(constants_.epsilon));
  const auto weight_square = norms(weight_).add_(frozen_square_);
  const auto update_square = norms(update);
  const auto scaled = at::logical_and(weight_square > 0, update_square > 0);
  const auto ratio = at::where(scaled, (weight_square / update_square).sqrt_(), at::ones_like(weight_square));
  weight_.sub_(update.mul_(ratio.mul_(factors_[0]).index_select(1, tensor_of_)));
}

void StackOptimiser::end_step() {
  if (lookahead_.period > 0 && number_ % lookahead_.period == 0) {
    slow_.lerp_(weight_, lookahead_.slow_step);
    weight_.copy_(slow_);
  }
  ++number_;
}

LambState StackOptimiser::state(std::int64_t member) const {
  const auto& slow = slow_.defined() ? slow_ : weight_;
  return {steps(), first_moment_[member].clone(), second_moment_[member].clone(), slow[member].clone()};
}

void StackOptimiser::restore(std::int64_t member, const LambState& state) {
  number_ = state.steps + 1;
  first_moment_[member].copy_(state.first_moment);
  second_moment_[member].copy_(state.second_moment);
  if (slow_.defined()) {
    slow_[member].copy_(state.slow);
  }
}

} // namespace ionsift::learn
