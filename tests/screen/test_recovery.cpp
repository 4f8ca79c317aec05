// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/learn/metrics/conformal.hpp"
#include "ionsift/learn/metrics/proportion.hpp"
#include "ionsift/screen/recovery.hpp"
#include "ionsift/screen/retrospect.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace ionsift;
using namespace ionsift::screen;
using Catch::Matchers::Contains;

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// A ranking of `size` candidates by falling score, superionic at some places, poor at others.
struct Case {
  std::vector<double> score;
  std::vector<Outcome> outcome;
};
Case ranked(std::size_t size, const std::vector<std::size_t>& superionic,
            const std::vector<std::size_t>& poor) {
  Case made;
  for (std::size_t i = 0; i < size; ++i) {
    made.score.push_back(1 - static_cast<double>(i) / static_cast<double>(size));
    made.outcome.push_back(Outcome::unmeasured);
  }
  for (const auto i : superionic) {
    made.outcome[i] = Outcome::superionic;
  }
  for (const auto i : poor) {
    made.outcome[i] = Outcome::poor;
  }
  return made;
}

crystal::Composition parse(const char* formula) {
  return crystal::Composition::parse(formula);
}

dataset::KnownCompound measured(double log10_conductivity, bool superionic, int year, int superionic_year,
                                const std::string& chemistry) {
  dataset::KnownCompound known;
  known.log10_conductivity = log10_conductivity;
  known.superionic = superionic;
  known.first_year = year;
  known.first_superionic_year = superionic_year;
  known.chemistry = chemistry;
  return known;
}

} // namespace

TEST_CASE("proportions of small samples have the interval of Clopper and Pearson") {
  // Tabulated: 0 of 10, 3 of 10, 10 of 10.
  const auto none = learn::proportion_interval(0, 10, 0.95);
  CHECK(none.low == 0);
  CHECK(none.high == Approx(0.3085).margin(1e-4));
  const auto some = learn::proportion_interval(3, 10, 0.95);
  CHECK(some.low == Approx(0.0667).margin(1e-4));
  CHECK(some.high == Approx(0.6525).margin(1e-4));
  CHECK(learn::proportion_interval(10, 10, 0.95).high == 1);
  CHECK(std::isnan(learn::proportion_interval(0, 0, 0.95).low));
  CHECK(learn::binomial_cdf(2, 4, 0.5) == Approx(11.0 / 16));
}

TEST_CASE("the median of a small sample has an interval of order statistics") {
  CHECK(learn::median_of({3, 1, 2}) == 2);
  CHECK(learn::median_of({4, 1, 2, 3}) == 2.5);
  std::vector<double> values;
  for (int i = 1; i <= 20; ++i) {
    values.push_back(i);
  }
  const auto interval = learn::median_interval(values, 0.95); // the 6th and the 15th of 20: 95.9 %
  CHECK(interval.low == 6);
  CHECK(interval.high == 15);
  const auto few = learn::median_interval({5, 9, 7}, 0.95);
  CHECK(few.low == 5);
  CHECK(few.high == 9);
}

TEST_CASE("recovery, median rank, precision and average precision of a ranking by hand") {
  // 200 candidates; superionic at ranks 1, 4, 20 and 100; poor at 2, 3 and 50.
  const auto made = ranked(200, {0, 3, 19, 99}, {1, 2, 49});
  const auto recovery = recovery_of(made.score, made.outcome, {200, 0.95, 1});
  CHECK(recovery.measured == 7);
  CHECK(recovery.superionic == 4);
  CHECK(recovery.recovered[0].value() == Approx(0.25)); // first 2
  CHECK(recovery.recovered[1].value() == Approx(0.5));  // first 4
  CHECK(recovery.recovered[2].value() == Approx(0.5));  // first 10
  CHECK(recovery.recovered[3].value() == Approx(0.75)); // first 20
  CHECK(recovery.median_rank == Approx(0.06));          // between 4 / 200 and 20 / 200
  CHECK(recovery.precision[0].hits == 4);
  CHECK(recovery.precision[0].of == 7); // only seven were measured
  CHECK(recovery.average_precision == Approx((1.0 + 2.0 / 4 + 3.0 / 20 + 4.0 / 100) / 4));
  CHECK(recovery.average_precision_interval.low < recovery.average_precision);
  CHECK(recovery.average_precision_interval.high > recovery.average_precision);
  CHECK_THROWS_WITH(recovery_of(made.score, std::vector<Outcome>(200, Outcome::poor), {10, 0.95, 1}),
                    Contains("superionic later"));
}

TEST_CASE("equal scores share their ranks, and candidates without a score come last") {
  CHECK(ranks_of(std::vector<double>{0.5, unknown, 0.9, 0.5, unknown}) ==
        std::vector<double>{2.5, 4.5, 1, 2.5, 4.5});
  // A ranking of equal scores finds half of the measured by chance, and its average precision is that of
  // chance.
  const std::vector<double> same(100, 0.3);
  auto outcome = std::vector<Outcome>(100, Outcome::unmeasured);
  outcome[7] = outcome[80] = Outcome::superionic;
  outcome[20] = outcome[30] = Outcome::poor;
  const auto recovery = recovery_of(same, outcome, {10, 0.95, 1});
  CHECK(recovery.median_rank == Approx(0.505));
  CHECK(recovery.precision[0].value() == Approx(0.5));
  CHECK(recovery.recovered[3].value() == 0);
}

TEST_CASE("rankings of several chemistries are pooled by their own ranks") {
  const auto first = ranked(100, {0, 50}, {}), second = ranked(1000, {9}, {});
  const learn::Resampling resampling{50, 0.95, 1};
  const auto all = pooled({recovery_of(first.score, first.outcome, resampling),
                           recovery_of(second.score, second.outcome, resampling)},
                          resampling);
  CHECK(all.superionic == 3);
  CHECK(all.median_rank == Approx(0.01));
  CHECK(all.recovered[0].hits == 2);
  CHECK(std::isnan(all.average_precision));
}

TEST_CASE("a year or a chemistry separates training from later measurements") {
  const Scenario year{"2010", 2010, ""}, chemistry{"Q-P", 0, "Q-P"};
  CHECK(year.trains_on({2010, ""}));
  CHECK_FALSE(year.trains_on({2011, ""}));
  CHECK_FALSE(year.trains_on({0, "Q-P"})); // no year
  CHECK(chemistry.trains_on({0, "O-Ti"}));
  CHECK_FALSE(chemistry.trains_on({2000, "Q-P"}));
  CHECK_FALSE(chemistry.trains_on({2000, ""}));
  dataset::KnownCompound known;
  known.superionic = true;
  known.first_year = 2012;
  known.first_superionic_year = 2015;
  known.chemistry = "Q-P";
  CHECK(year.outcome_of(nullptr) == Outcome::unmeasured);
  CHECK(year.outcome_of(&known) == Outcome::superionic);
  CHECK(chemistry.outcome_of(&known) == Outcome::superionic);
  known.first_year = 2010;
  CHECK_FALSE(year.outcome_of(&known)); // measured before
  known.first_year = 0;
  CHECK_FALSE(year.outcome_of(&known)); // year unknown
  known.chemistry = "O-Ti";
  CHECK_FALSE(chemistry.outcome_of(&known));
  known = measured(-9, false, 2014, 0, "Q-P");
  CHECK(year.outcome_of(&known) == Outcome::poor);
}

TEST_CASE("the retrospective test leaves out known compounds, also by a similar composition") {
  CandidatePool pool;
  const char* formulas[] = {"Li3PS4", "Li2S", "LiCl", "Li10GeP2S12", "Li2O"};
  for (const char* formula : formulas) {
    pool.compositions.push_back({formula, {pool.id.size()}, parse(formula)});
    pool.id.push_back(formula);
  }
  std::unordered_map<std::string, dataset::KnownCompound> known;
  known["Li10GeP2S12"] = measured(-1.9, true, 2011, 2011, "Q-P");
  known["LiCl"] = measured(-9, false, 2015, 0, "X-*");
  known["Li2O"] = measured(-9, false, 1990, 0, "O--");
  const auto result = look_back({"2010", 2010, ""}, pool, known, {parse("Li2.01S")}, 0.02,
                                {{"made", {0.1, 0.9, 0.5, 0.8, 0.7}},
                                 mean_of_ranks("both", {{"a", {5, 4, 3, 2, 1}}, {"b", {1, 2, 3, 4, 5}}})},
                                {20, 0.95, 1});
  CHECK(result.known == 2); // Li2S by its composition, Li2O by its year
  REQUIRE(result.results.size() == 2);
  CHECK(result.results[0].recovery.ranked == 3);
  CHECK(result.results[0].recovery.median_rank == Approx(1.0 / 3));
  CHECK(result.results[1].recovery.median_rank == Approx(2.0 / 3)); // all equal
}

TEST_CASE("verdicts guarantee a coverage of each class") {
  // 99 of each class with probabilities in steps: superionic 0.01 .. 0.99, others the same minus 0.5.
  std::vector<int> label;
  std::vector<double> probability;
  for (int i = 1; i <= 99; ++i) {
    label.push_back(1);
    probability.push_back(i / 100.0);
    label.push_back(0);
    probability.push_back(std::max(0.0, i / 100.0 - 0.5));
  }
  const auto cuts = learn::conformal_cuts(label, probability, 0.9);
  CHECK(cuts.superionic_from == Approx(0.10)); // the 90th of 99 from the top
  CHECK(cuts.poor_to == Approx(0.40));
  CHECK(learn::verdict_of(cuts, 0.05) == "unlikely");
  CHECK(learn::verdict_of(cuts, 0.2) == "open");
  CHECK(learn::verdict_of(cuts, 0.7) == "likely");
  CHECK(learn::coverage_of(cuts, label, probability) >= 0.9);
  // With four of a class it cannot be excluded at 90 %.
  const auto few = learn::conformal_cuts(std::vector<int>{1, 1, 1, 1, 0, 0, 0, 0},
                                         std::vector<double>{0.9, 0.8, 0.9, 0.7, 0.1, 0.2, 0.1, 0.3}, 0.9);
  CHECK(learn::verdict_of(few, 0.99) == "open");
  CHECK_THROWS_WITH(learn::conformal_cuts(std::vector<int>{1}, std::vector<double>{0.5}, 0.9),
                    Contains("both classes"));
}
