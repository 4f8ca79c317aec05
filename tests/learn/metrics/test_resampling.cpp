// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/learn/metrics/resampling.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numeric>

using namespace ionsift;
using learn::score;

namespace {

struct Sample {
  std::vector<int> label;
  std::vector<double> probability;
};

Sample make_sample(std::size_t n, std::uint64_t seed) {
  RandomStream random(seed);
  Sample sample;
  for (std::size_t i = 0; i < n; ++i) {
    sample.label.push_back(i % 3 == 0 ? 1 : 0);
    sample.probability.push_back(1 / (1 + std::exp(-random.normal() - (sample.label.back() == 1 ? 1 : -1))));
  }
  return sample;
}

} // namespace

TEST_CASE("bootstrap intervals hold the score, repeat with the seed and shrink with the size") {
  const auto small = make_sample(60, 1);
  const auto large = make_sample(6000, 1);
  const auto intervals = learn::bootstrap(small.label, small.probability, {400, 0.95, 7});
  const auto scores = score(small.label, small.probability);
  CHECK(intervals.low.roc_auc < scores.roc_auc);
  CHECK(intervals.high.roc_auc > scores.roc_auc);
  CHECK(intervals.low.auc_pr < scores.auc_pr);
  CHECK(intervals.high.auc_pr > scores.auc_pr);
  CHECK(intervals.low.brier < scores.brier);
  CHECK(intervals.high.brier > scores.brier);
  const auto again = learn::bootstrap(small.label, small.probability, {400, 0.95, 7});
  CHECK(again.low.mcc == intervals.low.mcc);
  const auto other = learn::bootstrap(small.label, small.probability, {400, 0.95, 8});
  CHECK(other.low.roc_auc != intervals.low.roc_auc);
  const auto narrow = learn::bootstrap(large.label, large.probability, {100, 0.95, 7});
  CHECK(narrow.high.roc_auc - narrow.low.roc_auc < 0.2 * (intervals.high.roc_auc - intervals.low.roc_auc));
}

TEST_CASE("the Brier interval has the width of the normal approximation") {
  const auto sample = make_sample(900, 4);
  const auto interval = learn::bootstrap(sample.label, sample.probability, {2000, 0.95, 1});
  // Stratified: the variance of the mean is the variance within the classes.
  double variance = 0;
  for (const int label : {0, 1}) {
    std::vector<double> errors;
    for (std::size_t i = 0; i < sample.label.size(); ++i) {
      if (sample.label[i] == label) {
        errors.push_back(std::pow(sample.probability[i] - label, 2));
      }
    }
    const auto n = static_cast<double>(errors.size());
    const double mean = std::accumulate(errors.begin(), errors.end(), 0.0) / n;
    for (const double e : errors) {
      variance += (e - mean) * (e - mean);
    }
  }
  const double expected = 2 * 1.96 * std::sqrt(variance) / static_cast<double>(sample.label.size());
  CHECK(interval.high.brier - interval.low.brier == Approx(expected).epsilon(0.08));
}

TEST_CASE("controls have the scores of chance") {
  std::vector<int> train(200, 0);
  std::fill(train.begin(), train.begin() + 80, 1);
  std::vector<int> label(100, 0);
  std::fill(label.begin(), label.begin() + 30, 1);
  const auto controls = learn::controls(train, label, 1000, 5);
  // Predictions that are 1 with probability 0.4, independent of the labels.
  CHECK(controls.shuffled.mcc == Approx(0).margin(0.01));
  CHECK(controls.shuffled.roc_auc == Approx(0.5).margin(0.01));
  CHECK(controls.shuffled.average_precision == Approx(0.3).margin(0.02));
  CHECK(controls.shuffled.brier == Approx(0.3 * 0.6 + 0.7 * 0.4).margin(0.01));
  // Its standard deviation is about 1 / sqrt(n).
  CHECK(controls.shuffled_sd.mcc == Approx(0.1).epsilon(0.1));
  // The training mean, 0.4, rounds to 0.
  CHECK(controls.mean.brier == Approx(0.3));
  CHECK(controls.mean.mcc == 0);
  CHECK(controls.mean.average_precision == Approx(0.3));
  CHECK(learn::controls(std::vector<int>{1, 1, 0}, label, 10, 5).mean.brier == Approx(0.7));
}

TEST_CASE("a statistic of resampled structures: both classes are in every draw, intervals are percentiles") {
  const std::vector<int> label = {1, 0, 0, 1, 0};
  const auto intervals = learn::bootstrap(
      label,
      [&](std::span<const std::size_t> positions) {
        REQUIRE(positions.size() == label.size());
        const auto positive =
            std::count_if(positions.begin(), positions.end(), [&](std::size_t i) { return label[i] == 1; });
        CHECK(positive == 2);
        // Undefined wherever structure 0 is drawn twice.
        const auto zeros = std::count(positions.begin(), positions.end(), std::size_t(0));
        return std::vector<double>{7.0, zeros == 2 ? std::nan("") : static_cast<double>(zeros), std::nan("")};
      },
      {200, 0.9, 3});
  REQUIRE(intervals.size() == 3);
  CHECK(intervals[0].low == 7);
  CHECK(intervals[0].high == 7);
  CHECK(intervals[1].low == 0);
  CHECK(intervals[1].high == 1);
  CHECK(std::isnan(intervals[2].low));
}

TEST_CASE("a paired difference is that of the scores, and narrower than two unpaired intervals") {
  const auto sample = make_sample(300, 9);
  // The second classifier is the first with a little noise: their errors are correlated.
  auto second = sample.probability;
  RandomStream random(10);
  for (auto& p : second) {
    p = std::clamp(p + 0.05 * random.normal(), 0.0, 1.0);
  }
  const learn::Resampling resampling{500, 0.95, 2};
  const auto paired = learn::paired_difference(sample.label, sample.probability, second, resampling);
  const auto first_scores = score(sample.label, sample.probability);
  CHECK(paired.difference.brier ==
        Approx(first_scores.brier - score(sample.label, second).brier).epsilon(1e-12));
  CHECK(paired.intervals.low.roc_auc <= paired.difference.roc_auc);
  CHECK(paired.intervals.high.roc_auc >= paired.difference.roc_auc);
  const auto alone = learn::bootstrap(sample.label, sample.probability, resampling);
  CHECK(paired.intervals.high.roc_auc - paired.intervals.low.roc_auc <
        0.5 * (alone.high.roc_auc - alone.low.roc_auc));
  const auto same = learn::paired_difference(sample.label, second, second, resampling);
  CHECK(same.intervals.low.mcc == 0);
  CHECK(same.intervals.high.mcc == 0);
}

TEST_CASE("impossible resampling is refused") {
  const std::vector<int> label = {1, 0};
  const std::vector<double> probability = {0.9, 0.1};
  CHECK_THROWS_AS(learn::bootstrap(label, probability, {0, 0.95, 1}), Error);
  CHECK_THROWS_AS(learn::bootstrap(label, probability, {10, 1.0, 1}), Error);
  CHECK_THROWS_AS(learn::controls(label, label, 0, 1), Error);
}
