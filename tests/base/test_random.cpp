// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/random.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>

using ionsift::RandomStream;

TEST_CASE("Streams are reproducible and differ by seed and key") {
  RandomStream a(7, 1);
  RandomStream b(7, 1);
  RandomStream c(7, 2);
  RandomStream d(8, 1);
  const auto first = a.bits();
  CHECK(first == b.bits());
  CHECK(first != c.bits());
  CHECK(first != d.bits());
}

TEST_CASE("The engine is the standard's, so numbers are the same everywhere") {
  // 10000th output of std::mt19937_64 with its default seed, as the C++ standard states it.
  std::mt19937_64 engine;
  engine.discard(9999);
  CHECK(engine() == 9981545732273789042ULL);
}

TEST_CASE("Uniform and normal numbers have the expected moments") {
  RandomStream stream(3);
  constexpr int n = 100000;
  double sum = 0;
  double normal_sum = 0;
  double normal_squares = 0;
  for (int i = 0; i < n; ++i) {
    const double u = stream.uniform();
    REQUIRE((u >= 0 && u < 1));
    sum += u;
    const double x = stream.normal();
    normal_sum += x;
    normal_squares += x * x;
  }
  CHECK(sum / n == Approx(0.5).margin(0.005));
  CHECK(normal_sum / n == Approx(0).margin(0.015));
  CHECK(normal_squares / n == Approx(1).margin(0.02));
}

TEST_CASE("Integers below a bound are uniform, and a shuffle is a permutation") {
  RandomStream stream(5);
  std::vector<int> counts(6);
  for (int i = 0; i < 60000; ++i) {
    ++counts[stream.below(6)];
  }
  CHECK(*std::min_element(counts.begin(), counts.end()) > 9600);
  std::vector<int> items(100);
  std::iota(items.begin(), items.end(), 0);
  auto shuffled = items;
  stream.shuffle(shuffled);
  CHECK(shuffled != items);
  std::sort(shuffled.begin(), shuffled.end());
  CHECK(shuffled == items);
}
