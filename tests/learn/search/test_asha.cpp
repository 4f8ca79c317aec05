// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/learn/search/asha.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace ionsift;
using namespace ionsift::learn;

TEST_CASE("rungs lie at grace x factor^k below the last epoch") {
  CHECK(AshaStopper().rungs() == std::vector{40, 160});
  CHECK(AshaStopper({10, 80, 2}).rungs() == std::vector{10, 20, 40});
  CHECK(AshaStopper({40, 40, 4}).rungs().empty());
  CHECK(AshaStopper({1, 2000000000, 1000000}).rungs() == std::vector{1, 1000000});
  CHECK_THROWS_AS(AshaStopper({0, 80, 2}), Error);
  CHECK_THROWS_AS(AshaStopper({40, 39, 2}), Error);
  CHECK_THROWS_AS(AshaStopper({40, 80, 1}), Error);
}

TEST_CASE("promotion of trials, worked by hand") {
  AshaStopper halving({40, 500, 4});
  // Up to seven arrivals one may be promoted: the best so far.
  CHECK(halving.report(0, 0.5));
  CHECK_FALSE(halving.report(0, 0.4));
  CHECK(halving.report(0, 0.6));
  CHECK_FALSE(halving.report(0, 0.6)); // not better than an earlier one
  CHECK_FALSE(halving.report(0, 0.55));
  CHECK_FALSE(halving.report(0, 0.5));
  CHECK_FALSE(halving.report(0, 0.1));
  // The eighth of 0.6 0.6 0.55 0.5 0.5 0.4 0.1: two may be promoted; 0.58 is third.
  CHECK_FALSE(halving.report(0, 0.58));
  // The ninth: still two; 0.65 is first. The tenth, 0.62, is second.
  CHECK(halving.report(0, 0.65));
  CHECK(halving.report(0, 0.62));
  CHECK_FALSE(halving.report(0, 0.61));
  // The twelfth: three may be promoted.
  CHECK(halving.report(0, 0.615));
}

TEST_CASE("rungs are independent, and NaN is never promoted") {
  AshaStopper halving({40, 500, 4});
  CHECK(halving.report(0, 0.9));
  CHECK(halving.report(1, 0.1));
  CHECK_FALSE(halving.report(1, std::nan("")));
  CHECK(halving.report(1, 0.2));
  AshaStopper other({40, 500, 4});
  CHECK_FALSE(other.report(0, std::nan("")));
  CHECK(other.report(0, 0.0));
}
