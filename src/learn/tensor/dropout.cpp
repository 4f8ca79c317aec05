// SPDX-License-Identifier: BSD-3-Clause
#include "dropout.hpp"

#include <ATen/ops/empty.h>

#include <cmath>
#include <cstdint>
#include <vector>

namespace ionsift::learn {

namespace {

template <typename T>
void fill(T* mask, std::size_t n, double probability, RandomStream& random) {
  // Four masks from one draw, and a loop without branches: masks are needed by the hundred thousand in every
  // epoch.
  std::vector<std::uint16_t> draws((n + 3) / 4 * 4);
  for (std::size_t i = 0; i < draws.size(); i += 4) {
    const std::uint64_t bits = random.bits();
    for (std::size_t k = 0; k < 4; ++k) {
      draws[i + k] = static_cast<std::uint16_t>(bits >> (16 * k));
    }
  }
  const auto threshold = static_cast<std::int32_t>(std::lround(probability * 65536));
  const auto kept = static_cast<T>(1 / (1 - probability));
  for (std::size_t i = 0; i < n; ++i) {
    mask[i] = draws[i] < threshold ? T(0) : kept;
  }
}

} // namespace

void fill_dropout_mask(float* mask, std::size_t n, double probability, RandomStream& random) {
  fill(mask, n, probability, random);
}

void fill_dropout_mask(double* mask, std::size_t n, double probability, RandomStream& random) {
  fill(mask, n, probability, random);
}

at::Tensor dropout_mask(const at::Tensor& like, double probability, RandomStream& random) {
  auto mask = at::empty(like.sizes(), like.options().device(at::kCPU));
  if (mask.scalar_type() == at::kFloat) {
    fill(mask.data_ptr<float>(), static_cast<std::size_t>(mask.numel()), probability, random);
  } else {
    fill(mask.data_ptr<double>(), static_cast<std::size_t>(mask.numel()), probability, random);
  }
  return mask.to(like.device());
}

} // namespace ionsift::learn
