// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/tensor/product_rate.hpp"

#include "ionsift/base/random.hpp"
#include "ionsift/base/timer.hpp"

#include "runtime.hpp"

#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace ionsift::learn {

namespace {

constexpr int plain_size = 128; // three matrices of 64 kB: plain loops do not wait for memory
constexpr int product_size = 768;

using Values = std::vector<float>;

Values random_values(int n, std::uint64_t key) {
  RandomStream random(1, key);
  Values values(static_cast<std::size_t>(n) * static_cast<std::size_t>(n));
  std::generate(values.begin(), values.end(), [&] { return static_cast<float>(random.uniform() - 0.5); });
  return values;
}

void multiply_plainly(const Values& a, const Values& b, Values& c, std::size_t n) {
  std::fill(c.begin(), c.end(), 0.0F);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < n; ++k) {
      const float factor = a[i * n + k];
      for (std::size_t j = 0; j < n; ++j) {
        c[i * n + j] += factor * b[k * n + j];
      }
    }
  }
}

/// Operations a second of the fastest of the repetitions that fit into `seconds`: what else the machine does
/// only ever adds to a time.
template <typename Work>
double best_rate(double operations, double seconds, const Work& work) {
  work(); // threads start, kernels are chosen
  const Stopwatch whole;
  double best = 0;
  do {
    const Stopwatch one;
    work();
    best = std::max(best, operations / std::max(one.seconds(), 1e-9));
  } while (whole.seconds() < seconds);
  return best / 1e9;
}

double operations_of(int n) {
  return 2.0 * n * n * n;
}

at::Tensor tensor_of(Values& values, int n, const at::Device& device) {
  return torch::from_blob(values.data(), {n, n}, at::kFloat).clone().to(device);
}

} // namespace

ProductRate measure_products(const parallel::DeviceBinding& binding) {
  prepare_libtorch();
  const at::NoGradGuard no_gradients;
  const auto device = device_of(binding);
  ProductRate rate;

  auto a = random_values(plain_size, 1);
  auto b = random_values(plain_size, 2);
  Values c(a.size());
  rate.plain = best_rate(operations_of(plain_size), 0.1, [&] { multiply_plainly(a, b, c, plain_size); });
  const auto product = at::mm(tensor_of(a, plain_size, device), tensor_of(b, plain_size, device)).cpu();
  rate.right =
      at::allclose(product, torch::from_blob(c.data(), {plain_size, plain_size}, at::kFloat), 1e-3, 1e-3);

  auto large = random_values(product_size, 3);
  const auto x = tensor_of(large, product_size, device);
  // Back to back on a GPU, whose calls return before they are done: reading one number waits for all.
  const int calls = binding.gpu < 0 ? 1 : 50;
  rate.gflops = best_rate(calls * operations_of(product_size), 0.4, [&] {
    at::Tensor y;
    for (int i = 0; i < calls; ++i) {
      y = at::mm(x, x);
    }
    static_cast<void>(y.index({0, 0}).item<float>());
  });
  return rate;
}

} // namespace ionsift::learn
