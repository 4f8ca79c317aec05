#include "dropout.hpp"

#include <ATen/ops/empty.h>

#include <cmath>
#include <cstdint>
#include <vector>

namespace ionsift::learn {

namespace {

template <typename T>
void fill(T* mask, std::int64_t n, double probability, RandomStream& random) {
  // Four masks from one draw; masks are needed by the hundred thousand in every epoch.
  const auto threshold = static_cast<std::uint64_t>(std::lround(probability * 65536));
  const auto kept = static_cast<T>(1 / (1 - probability));
  std::uint64_t bits = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    bits = i % 4 == 0 ? random.bits() : bits >> 16;
    mask[i] = (bits & 0xffff) < threshold ? T(0) : kept;
  }
}

} // namespace

at::Tensor dropout_mask(const at::Tensor& like, double probability, RandomStream& random) {
  auto mask = at::empty(like.sizes(), like.options().device(at::kCPU));
  if (mask.scalar_type() == at::kFloat) {
    fill(mask.data_ptr<float>(), mask.numel(), probability, random);
  } else {
    fill(mask.data_ptr<double>(), mask.numel(), probability, random);
  }
  return mask.to(like.device());
}

} // namespace ionsift::learn
