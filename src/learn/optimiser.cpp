#include "optimiser.hpp"

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

Optimiser::Optimiser(std::vector<LambTensor> tensors, const Kernels& kernels,
                     const LookaheadOptions& lookahead)
    : tensors_(std::move(tensors)), kernels_(kernels), lookahead_(lookahead) {
  for (auto& tensor : tensors_) {
    tensor.first_moment = at::zeros_like(tensor.weight);
    tensor.second_moment = at::zeros_like(tensor.weight);
    if (lookahead_.period > 0) {
      slow_.push_back(tensor.weight.clone());
    }
  }
}

void Optimiser::step(double rate) {
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

} // namespace ionsift::learn
