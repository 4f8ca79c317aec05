// SPDX-License-Identifier: BSD-3-Clause
#include "products.hpp"

#include "ionsift/base/random.hpp"

#include "blas.hpp"
#include "kernels.hpp"
#include "timing.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <vector>

namespace ionsift::bench {

namespace {

struct Shape {
  int rows, in, out;
};

std::vector<float> random_numbers(std::size_t size) {
  RandomStream random(size);
  std::vector<float> numbers(size);
  for (auto& number : numbers) {
    number = static_cast<float>(random.uniform(-1, 1));
  }
  return numbers;
}

/// GFLOP/s of the best of several rounds.
template <typename Product>
double rate(const Shape& shape, double seconds, const Product& product) {
  const double flops = 2.0 * shape.rows * shape.in * shape.out;
  product();
  double best = 0;
  const double end = now() + seconds;
  do {
    // Rounds long enough for the clock, short enough that some are not interrupted.
    const int times = 1 + static_cast<int>(2e7 / flops);
    const double begin = now();
    for (int i = 0; i < times; ++i) {
      product();
    }
    best = std::max(best, times * flops / (now() - begin) / 1e9);
  } while (now() < end);
  return best;
}

nlohmann::json measure(const Shape& shape, double seconds) {
  const auto size = [](int a, int b) { return static_cast<std::size_t>(a) * static_cast<std::size_t>(b); };
  const auto x = random_numbers(size(shape.rows, shape.in)), w = random_numbers(size(shape.in, shape.out)),
             bias = random_numbers(size(1, shape.out));
  std::vector<float> y(size(shape.rows, shape.out));
  const float one = 1, zero = 0;
  // Row-major y = x w is column-major y^T = w^T x^T.
  const auto blas = [&] {
    sgemm_("N", "N", &shape.out, &shape.rows, &shape.in, &one, w.data(), &shape.out, x.data(), &shape.in,
           &zero, y.data(), &shape.out);
  };
  megnet::DenseTask<float> task{.rows = shape.rows,
                                .in = shape.in,
                                .out = shape.out,
                                .x = x.data(),
                                .w = w.data(),
                                .bias = bias.data(),
                                .y = y.data()};
  const auto own = [&] { megnet::kernels<float>().dense(task); };
  nlohmann::json result = {{"rows", shape.rows}, {"in", shape.in}, {"out", shape.out}};
  result["openblas_gflops"] = rate(shape, seconds, blas);
  result["own_gflops"] = rate(shape, seconds, own);
  task.activate = true;
  result["own_with_softplus_gflops"] = rate(shape, seconds, own);
  return result;
}

} // namespace

nlohmann::json measure_products(double seconds) {
  // Tiles of edges, then the rows of a small structure, then the global state.
  constexpr std::array shapes = {Shape{1024, 1024, 1024}, Shape{256, 64, 64}, Shape{256, 32, 64},
                                 Shape{256, 64, 32},      Shape{7, 64, 64},   Shape{1, 64, 64}};
  nlohmann::json products = {{"kernels", megnet::kernels<float>().name}};
  for (const auto& shape : shapes) {
    products["shapes"].push_back(measure(shape, seconds));
  }
  products["gemm_gflops"] = products["shapes"][0]["openblas_gflops"];
  return products;
}

} // namespace ionsift::bench
