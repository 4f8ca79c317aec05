// SPDX-License-Identifier: BSD-3-Clause
// The inner loops of every kind of processor against plain loops.
#include "ionsift/base/random.hpp"

#include "kernels.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace ionsift;
using namespace ionsift::megnet;

namespace {

template <typename Scalar>
std::vector<Scalar> random_numbers(RandomStream& random, std::size_t size) {
  std::vector<Scalar> numbers(size);
  for (auto& number : numbers) {
    number = static_cast<Scalar>(random.uniform(-1, 1));
  }
  return numbers;
}

double softplus2(double x) {
  return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))) - std::log(2.0);
}

template <typename Scalar>
double tolerance() {
  return std::is_same_v<Scalar, float> ? 2e-6 : 1e-13;
}

} // namespace

TEMPLATE_TEST_CASE("dense layers", "", float, double) {
  RandomStream random(1);
  const auto sets = all_kernels<TestType>();
  for (int s = 0; s < sets.size; ++s) {
    CAPTURE(sets.set[s]->name);
    for (const int rows : {0, 1, 2, 3, 5, 7, 8, 13, 17, 64}) {
      for (const int out : {16, 32, 48, 64}) {
        for (const int variant : {0, 1, 2, 3}) {
          const int in = variant == 0 ? 1 : 16 + 7 * variant;
          const auto x = random_numbers<TestType>(random, rows * in),
                     w = random_numbers<TestType>(random, in * out);
          const auto bias = random_numbers<TestType>(random, out);
          auto y = random_numbers<TestType>(random, rows * out + 1);
          const auto addend = y;
          const bool with_bias = variant % 2 == 0, in_place = variant >= 2,
                     activated = variant == 1 || variant == 2;
          sets.set[s]->dense({.rows = rows,
                              .in = in,
                              .out = out,
                              .x = x.data(),
                              .w = w.data(),
                              .bias = with_bias ? bias.data() : nullptr,
                              .addend = in_place ? y.data() : nullptr,
                              .y = y.data(),
                              .activate = activated});
          double largest = 0;
          for (int r = 0; r < rows; ++r) {
            for (int c = 0; c < out; ++c) {
              double z = (with_bias ? bias[c] : 0.0) + (in_place ? addend[r * out + c] : 0.0);
              for (int k = 0; k < in; ++k) {
                z += static_cast<double>(x[r * in + k]) * w[k * out + c];
              }
              largest = std::max(largest, std::abs((activated ? softplus2(z) : z) - y[r * out + c]));
            }
          }
          CAPTURE(rows, out, variant);
          CHECK(largest < 2 * tolerance<TestType>());
          CHECK(y.back() == addend.back()); // nothing is written beyond the last row
        }
      }
    }
  }
}

TEMPLATE_TEST_CASE("the activation over its whole range", "", float, double) {
  const auto sets = all_kernels<TestType>();
  const std::vector<TestType> zero(16, 0);
  const std::int32_t neighbour = 0;
  for (int s = 0; s < sets.size; ++s) {
    CAPTURE(sets.set[s]->name);
    double largest = 0;
    for (double start = -120; start < 120; start += 16 * 0.0013) {
      std::vector<TestType> x(16), y(16);
      for (int i = 0; i < 16; ++i) {
        x[i] = static_cast<TestType>(start + 0.0013 * i);
      }
      sets.set[s]->add_ends(1, 16, x.data(), zero.data(), zero.data(), &neighbour, y.data(), true);
      for (int i = 0; i < 16; ++i) {
        const double expected = softplus2(x[i]);
        largest = std::max(largest, std::abs(y[i] - expected) / std::max(1.0, std::abs(expected)));
      }
    }
    CHECK(largest < (std::is_same_v<TestType, float> ? 2e-7 : 1e-15));

    std::vector<TestType> extremes(16, std::numeric_limits<TestType>::max()), y(16);
    extremes[1] = std::numeric_limits<TestType>::lowest();
    extremes[2] = std::numeric_limits<TestType>::quiet_NaN();
    sets.set[s]->add_ends(1, 16, extremes.data(), zero.data(), zero.data(), &neighbour, y.data(), true);
    CHECK(y[0] == extremes[0]);
    CHECK(y[1] == Approx(-std::log(2.0)));
    CHECK(std::isnan(y[2]));
  }
}

TEMPLATE_TEST_CASE("contributions of the two ends, and sums over edges", "", float, double) {
  RandomStream random(2);
  constexpr int rows = 5, columns = 64;
  const auto z = random_numbers<TestType>(random, rows * columns);
  const auto sender = random_numbers<TestType>(random, columns);
  const auto receivers = random_numbers<TestType>(random, 3 * columns);
  const std::vector<std::int32_t> neighbour = {2, 0, 0, 1, 2}, count = {1, 12, 3, 6, 2};
  const auto sets = all_kernels<TestType>();
  for (int s = 0; s < sets.size; ++s) {
    CAPTURE(sets.set[s]->name);
    std::vector<TestType> with_z(rows * columns), without_z(rows * columns), sum(columns, 1);
    sets.set[s]->add_ends(rows, columns, z.data(), sender.data(), receivers.data(), neighbour.data(),
                          with_z.data(), true);
    sets.set[s]->add_ends(rows, columns, nullptr, sender.data(), receivers.data(), neighbour.data(),
                          without_z.data(), false);
    sets.set[s]->accumulate(rows, columns, count.data(), z.data(), sum.data());
    for (int c = 0; c < columns; ++c) {
      double expected_sum = 1;
      for (int r = 0; r < rows; ++r) {
        const double ends = static_cast<double>(sender[c]) + receivers[neighbour[r] * columns + c];
        REQUIRE(without_z[r * columns + c] == Approx(ends).margin(tolerance<TestType>()));
        REQUIRE(with_z[r * columns + c] ==
                Approx(softplus2(ends + z[r * columns + c])).margin(tolerance<TestType>()));
        expected_sum += static_cast<double>(count[r]) * z[r * columns + c];
      }
      REQUIRE(sum[c] == Approx(expected_sum).margin(10 * tolerance<TestType>()));
    }
  }
}

TEST_CASE("the chosen kernels are the last of the list") {
  const auto sets = all_kernels<float>();
  CHECK(sets.size >= 1);
  CHECK(kernels<float>().name == sets.set[sets.size - 1]->name);
  CHECK(std::string(kernels<double>().name) == kernels<float>().name);
}
