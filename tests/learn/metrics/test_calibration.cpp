// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/learn/metrics/calibration.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace ionsift;
using learn::calibrate;

namespace {

const learn::Resampling few{50, 0.95, 1};

} // namespace

TEST_CASE("calibration of eight structures, computed by hand") {
  // Bins of four: probabilities 0.1 0.1 0.3 0.3 with classes 0 0 1 0, and 0.6 0.6 0.8 0.8 with 1 0 1 1.
  const std::vector<double> probability = {0.6, 0.1, 0.8, 0.3, 0.1, 0.6, 0.8, 0.3};
  const std::vector<int> label = {1, 0, 1, 1, 0, 0, 1, 0};
  const auto result = calibrate(label, probability, 2, few);
  REQUIRE(result.bins.size() == 2);
  CHECK(result.bins[0].structures == 4);
  CHECK(result.bins[0].low == 0.1);
  CHECK(result.bins[0].high == 0.3);
  CHECK(result.bins[0].probability == Approx(0.2));
  CHECK(result.bins[0].observed == Approx(0.25));
  CHECK(result.bins[1].probability == Approx(0.7));
  CHECK(result.bins[1].observed == Approx(0.75));
  CHECK(result.expected_error == Approx(0.05));
  CHECK(result.brier == Approx((0.16 + 0.01 + 0.04 + 0.49 + 0.01 + 0.36 + 0.04 + 0.09) / 8));
  CHECK(result.reliability == Approx(0.0025));
  CHECK(result.resolution == Approx(0.0625));
  CHECK(result.uncertainty == Approx(0.25));
  CHECK(result.remainder == Approx(result.brier - (0.0025 - 0.0625 + 0.25)));
}

TEST_CASE("with one probability in each bin the three terms add up to the Brier score") {
  const std::vector<double> probability = {0.2, 0.2, 0.2, 0.9, 0.9};
  const std::vector<int> label = {0, 1, 0, 1, 1};
  const auto result = calibrate(label, probability, 2, few);
  REQUIRE(result.bins.size() == 2);
  CHECK(result.bins[0].structures == 3); // equal probabilities stay together
  CHECK(result.remainder == Approx(0).margin(1e-15));
  CHECK(result.brier == Approx(result.reliability - result.resolution + result.uncertainty));
  CHECK(calibrate(label, std::vector<double>(5, 0.5), 4, few).bins.size() == 1);
}

TEST_CASE("calibrated probabilities have a small error, overconfident ones a large one") {
  RandomStream random(4);
  std::vector<double> honest, bold;
  std::vector<int> label;
  for (int i = 0; i < 4000; ++i) {
    honest.push_back(random.uniform());
    label.push_back(random.uniform() < honest.back() ? 1 : 0);
    bold.push_back(honest.back() < 0.5 ? 0.0 : 1.0);
  }
  const auto good = calibrate(label, honest, 10, few);
  REQUIRE(good.bins.size() == 10);
  for (const auto& bin : good.bins) {
    CHECK(bin.structures == 400);
    CHECK(bin.interval.low < bin.observed);
    CHECK(bin.interval.high > bin.observed);
  }
  CHECK(good.expected_error < 0.03);
  CHECK(good.calibrated_error.low <= good.expected_error);
  CHECK(good.calibrated_error.high >= good.expected_error);
  CHECK(good.reliability < 0.002);
  // A quarter of the certain predictions is wrong.
  const auto wrong = calibrate(label, bold, 10, few);
  CHECK(wrong.expected_error == Approx(0.25).margin(0.03));
  // Probabilities of 0 and 1 have no expected error.
  CHECK(wrong.calibrated_error.high == 0);
}

TEST_CASE("calibration does not depend on the order of the structures") {
  std::vector<double> probability = {0.9, 0.5, 0.5, 0.5, 0.2, 0.1, 0.1};
  std::vector<int> label = {1, 0, 1, 1, 0, 0, 1};
  const auto before = calibrate(label, probability, 3, few);
  std::reverse(probability.begin(), probability.end());
  std::reverse(label.begin(), label.end());
  const auto after = calibrate(label, probability, 3, few);
  CHECK(before.bins.size() == after.bins.size());
  CHECK(before.expected_error == Approx(after.expected_error).epsilon(1e-13));
}

TEST_CASE("Wilson's interval has its published values") {
  // Newcombe, Stat. Med. 1998, 17, 857, table I, method 3.
  const auto many = learn::wilson_interval(81, 263, 0.95);
  CHECK(many.low == Approx(0.2553).margin(5e-5));
  CHECK(many.high == Approx(0.3662).margin(5e-5));
  const auto none = learn::wilson_interval(0, 20, 0.95);
  CHECK(none.low == Approx(0).margin(1e-12));
  CHECK(none.high == Approx(0.1611).margin(5e-5));
  CHECK(std::isnan(learn::wilson_interval(0, 0, 0.95).low));
  CHECK_THROWS_AS(learn::wilson_interval(1, 2, 1.0), Error);
}

TEST_CASE("impossible calibrations are refused") {
  CHECK_THROWS_AS(calibrate(std::vector<int>{1, 0}, std::vector<double>{0.5, 0.5}, 0, few), Error);
  CHECK_THROWS_AS(calibrate(std::vector<int>{1}, std::vector<double>{0.5, 0.5}, 2, few), Error);
}
