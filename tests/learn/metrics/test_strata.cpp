// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/learn/metrics/strata.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace ionsift;

namespace {

const learn::Resampling few{100, 0.95, 1};

} // namespace

TEST_CASE("correlations by hand") {
  const std::vector<double> x = {1, 2, 3, 4};
  CHECK(learn::pearson(x, std::vector<double>{3, 5, 7, 9}) == Approx(1));
  CHECK(learn::pearson(x, std::vector<double>{1, 3, 2, 1}) == Approx(-0.5 / std::sqrt(5.0 * 2.75)));
  CHECK(learn::spearman(x, std::vector<double>{1, 10, 100, 1000}) == Approx(1));
  // Ranks 0, 1.5, 1.5, 3 against 3, 2, 1, 0.
  CHECK(learn::spearman(std::vector<double>{1, 2, 2, 5}, std::vector<double>{9, 8, 7, 1}) ==
        Approx(-4.5 / std::sqrt(4.5 * 5)));
  CHECK(std::isnan(learn::pearson(x, std::vector<double>(4, 2.0))));
  CHECK(std::isnan(learn::pearson(std::vector<double>{1}, std::vector<double>{1})));
}

TEST_CASE("strata by hand") {
  const std::vector<double> distance = {3, 1, 2, 4};
  const std::vector<int> label = {1, 0, 1, 0};
  const std::vector<double> probability = {0.4, 0.2, 0.9, 0.7};
  const auto strata = learn::stratify(label, probability, distance, 2, few);
  REQUIRE(strata.size() == 2);
  CHECK(strata[0].structures == 2);
  CHECK(strata[0].positive == 1);
  CHECK(strata[0].low == 1);
  CHECK(strata[0].high == 2);
  CHECK(strata[0].mean == 1.5);
  CHECK(strata[0].probability == Approx(0.55));
  CHECK(strata[0].absolute_error == Approx(0.15));
  CHECK(strata[0].scores.average_precision == Approx(1));
  CHECK(strata[0].scores.mcc == Approx(1));
  CHECK(strata[1].absolute_error == Approx(0.65));
  CHECK(strata[1].scores.average_precision == Approx(0.5));
  CHECK(strata[1].scores.mcc == Approx(-1));
  CHECK(strata[0].intervals.low.mcc == Approx(1));
}

TEST_CASE("a stratum of one class has no ranking, equal values share a stratum") {
  const std::vector<int> label = {0, 0, 1, 1, 0};
  const std::vector<double> probability = {0.1, 0.2, 0.9, 0.8, 0.3};
  const auto strata = learn::stratify(label, probability, std::vector<double>{1, 1, 1, 2, 2}, 4, few);
  REQUIRE(strata.size() == 2);
  CHECK(strata[0].structures == 3);
  const auto single = learn::stratify(label, probability, std::vector<double>{1, 1, 2, 2, 3}, 3, few);
  CHECK(std::isnan(single[0].scores.average_precision));
  CHECK(std::isnan(single[0].intervals.low.average_precision));
}

TEST_CASE("a spread that correlates with errors, and one that does not") {
  RandomStream random(6);
  std::vector<int> label;
  std::vector<double> probability, telling, silent;
  for (int i = 0; i < 400; ++i) {
    label.push_back(i % 2);
    const double error = random.uniform();
    probability.push_back(label.back() == 1 ? 1 - error : error);
    telling.push_back(0.3 * error + 0.02 * random.uniform());
    silent.push_back(random.uniform());
  }
  const auto good = learn::spread_against_error(label, probability, telling, 4, few);
  CHECK(good.pearson > 0.95);
  CHECK(good.spearman > 0.95);
  CHECK(good.pearson_interval.low > 0.9);
  REQUIRE(good.strata.size() == 4);
  CHECK(good.strata.front().absolute_error < good.strata.back().absolute_error);
  const auto none = learn::spread_against_error(label, probability, silent, 4, few);
  CHECK(none.spearman_interval.low < 0);
  CHECK(none.spearman_interval.high > 0);
}

TEST_CASE("invalid values for strata are refused") {
  const std::vector<int> label = {1, 0};
  const std::vector<double> probability = {0.9, 0.1};
  CHECK_THROWS_AS(learn::stratify(label, probability, std::vector<double>{1}, 2, few), Error);
  CHECK_THROWS_AS(learn::stratify(label, probability, std::vector<double>{1, std::nan("")}, 2, few), Error);
  CHECK_THROWS_AS(learn::stratify(label, probability, std::vector<double>{1, 2}, 0, few), Error);
}
