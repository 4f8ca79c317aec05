// SPDX-License-Identifier: BSD-3-Clause
// Adam (Kingma and Ba 2015).
#pragma once

#include "tensor.hpp"

#include <cstdint>

namespace ionsift::learn {

/// Beta 0.9 and 0.999, epsilon 1e-8, bias-corrected moments; on one flat tensor.
class Adam {
public:
  explicit Adam(const at::Tensor& weights);
  void step(const at::Tensor& gradient, double rate);

  std::int64_t steps = 0;
  at::Tensor first_moment, second_moment;

private:
  at::Tensor weights_;
};

/// Learning rate: a linear rise over `warm_up` steps, then half a cosine from `highest` to 1 % of it at
/// `total`.
double cosine_rate(std::int64_t step, std::int64_t warm_up, std::int64_t total, double highest);

} // namespace ionsift::learn
