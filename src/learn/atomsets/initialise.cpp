// SPDX-License-Identifier: BSD-3-Clause
// How Keras fills the weights of a new network.
#include "atomsets.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linalg_qr.h>

#include <algorithm>
#include <cmath>

namespace ionsift::learn {

namespace {

/// Uniform in +-sqrt(6 / (in + out)).
void fill_glorot(const at::Tensor& kernel, RandomStream& random) {
  const double limit = std::sqrt(6.0 / static_cast<double>(kernel.size(0) + kernel.size(1)));
  auto values = at::empty(kernel.sizes(), at::kDouble);
  auto* data = values.data_ptr<double>();
  std::generate(data, data + values.numel(), [&] { return random.uniform(-limit, limit); });
  kernel.copy_(values);
}

/// A random orthogonal matrix: Q of a normal matrix, its signs such that R's diagonal is positive.
at::Tensor orthogonal(std::int64_t rows, std::int64_t columns, RandomStream& random) {
  auto normal = at::empty({std::max(rows, columns), std::min(rows, columns)}, at::kDouble);
  auto* data = normal.data_ptr<double>();
  std::generate(data, data + normal.numel(), [&] { return random.normal(); });
  const auto [q, r] = at::linalg_qr(normal);
  const auto signed_q = q * r.diagonal().sign();
  return rows < columns ? signed_q.t() : signed_q;
}

} // namespace

void AtomSets::initialise(std::uint64_t seed) {
  RandomStream random(seed);
  weights_.flat().zero_();
  for (const auto* layers : {&weights_.phi, &weights_.rho}) {
    for (const auto& layer : *layers) {
      fill_glorot(layer.kernel, random);
    }
  }
  fill_glorot(weights_.memory.kernel, random);
  fill_glorot(weights_.out.kernel, random);

  const std::int64_t hidden = configuration_.readout_hidden;
  const auto options = weights_.flat().options();
  const Dense four_gates{orthogonal(2 * hidden, 4 * hidden, random).to(options),
                         at::empty({4 * hidden}, options).zero_()};
  forget_ = take_forget_gate(four_gates, weights_);
}

} // namespace ionsift::learn
