// SPDX-License-Identifier: BSD-3-Clause
#include "adam.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ionsift::learn {

namespace {

constexpr double beta_1 = 0.9, beta_2 = 0.999, epsilon = 1e-8;
constexpr double last_share = 0.01; ///< final rate as a share of the highest

} // namespace

Adam::Adam(const at::Tensor& weights)
    : first_moment(at::zeros_like(weights)), second_moment(at::zeros_like(weights)), weights_(weights) {
}

void Adam::step(const at::Tensor& gradient, double rate) {
  const at::NoGradGuard no_grad;
  ++steps;
  const auto n = static_cast<double>(steps);
  first_moment.mul_(beta_1).add_(gradient, 1 - beta_1);
  second_moment.mul_(beta_2).addcmul_(gradient, gradient, 1 - beta_2);
  const auto root = (second_moment / (1 - std::pow(beta_2, n))).sqrt_().add_(epsilon);
  weights_.addcdiv_(first_moment, root, -rate / (1 - std::pow(beta_1, n)));
}

double cosine_rate(std::int64_t step, std::int64_t warm_up, std::int64_t total, double highest) {
  if (step < warm_up) {
    return highest * static_cast<double>(step + 1) / static_cast<double>(warm_up);
  }
  const auto length = static_cast<double>(std::max<std::int64_t>(total - warm_up, 1));
  const double way = std::min(1.0, static_cast<double>(step - warm_up) / length);
  const double share = 0.5 * (1 + std::cos(std::numbers::pi * way));
  return highest * (last_share + (1 - last_share) * share);
}

} // namespace ionsift::learn
