// SPDX-License-Identifier: BSD-3-Clause
#include "lamb.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>
#include <utility>

namespace ionsift::learn {

double triangular2(std::int64_t step, double low, double high, double half_cycle) {
  const double position = static_cast<double>(step) / half_cycle;
  const double cycle = std::floor(1 + position / 2);
  const double distance = std::abs(position - 2 * cycle + 1);
  return low + (high - low) * std::max(0.0, 1 - distance) * std::pow(0.5, cycle - 1);
}

Lamb::Lamb(std::vector<LambTensor> tensors, const Kernels& kernels, const LookaheadOptions& lookahead)
    : tensors_(std::move(tensors)), kernels_(kernels), lookahead_(lookahead) {
  for (auto& tensor : tensors_) {
    tensor.first_moment = at::zeros_like(tensor.weight);
    tensor.second_moment = at::zeros_like(tensor.weight);
    if (lookahead_.period > 0) {
      slow_.push_back(tensor.weight.clone());
    }
  }
}

void Lamb::step(double rate) {
  step_.rate = rate;
  kernels_.lamb(tensors_, step_);
  if (lookahead_.period > 0 && step_.number % lookahead_.period == 0) {
    for (std::size_t i = 0; i < slow_.size(); ++i) {
      slow_[i].lerp_(tensors_[i].weight, lookahead_.slow_step);
      tensors_[i].weight.copy_(slow_[i]);
    }
  }
  ++step_.number;
}

namespace {

at::Tensor in_a_row(const std::vector<LambTensor>& tensors, at::Tensor LambTensor::*part) {
  std::vector<at::Tensor> flat;
  for (const auto& tensor : tensors) {
    flat.push_back((tensor.*part).flatten());
  }
  return at::cat(flat);
}

} // namespace

LambState Lamb::state() const {
  LambState state{steps(),
                  in_a_row(tensors_, &LambTensor::first_moment),
                  in_a_row(tensors_, &LambTensor::second_moment),
                  {}};
  std::vector<at::Tensor> slow;
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    slow.push_back((slow_.empty() ? tensors_[i].weight : slow_[i]).flatten());
  }
  state.slow = at::cat(slow);
  return state;
}

void Lamb::restore(const LambState& state) {
  step_.number = state.steps + 1;
  std::int64_t begin = 0;
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    auto& tensor = tensors_[i];
    const auto part = [&](const at::Tensor& all) {
      return all.narrow(0, begin, tensor.weight.numel()).view_as(tensor.weight);
    };
    tensor.first_moment.copy_(part(state.first_moment));
    tensor.second_moment.copy_(part(state.second_moment));
    if (!slow_.empty()) {
      slow_[i].copy_(part(state.slow));
    }
    begin += tensor.weight.numel();
  }
}

} // namespace ionsift::learn
