// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/tensor/product_rate.hpp"

#include <catch2/catch.hpp>

using namespace ionsift;

TEST_CASE("Products are correct, and both rates are measured") {
  const auto rate = learn::measure_products({});
  CHECK(rate.right);
  CHECK(rate.gflops > 0);
  CHECK(rate.plain > 0);
  CHECK(rate.advantage(2) == Approx(rate.advantage(1) / 2));
}
