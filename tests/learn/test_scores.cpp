#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/learn/scores.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cmath>
#include <numeric>

using namespace ionsift;
using learn::score;

TEST_CASE("scores equal the known answers", "[data]") {
  const auto reference = nlohmann::json::parse(read_file(test::data() / "reference" / "learning.json"));
  REQUIRE(reference.at("scores").size() == 6);
  for (const auto& set : reference.at("scores")) {
    const auto scores =
        score(set.at("label").get<std::vector<int>>(), set.at("score").get<std::vector<double>>());
    CHECK(scores.auc_pr == Approx(set.at("auc_pr_trapezoid").get<double>()).epsilon(1e-12));
    CHECK(scores.average_precision == Approx(set.at("average_precision").get<double>()).epsilon(1e-12));
    CHECK(scores.mcc == Approx(set.at("mcc_at_0.5").get<double>()).epsilon(1e-12));
    CHECK(scores.roc_auc == Approx(set.at("roc_auc").get<double>()).epsilon(1e-12));
    CHECK(scores.brier == Approx(set.at("brier").get<double>()).epsilon(1e-12));
  }
}

TEST_CASE("scores of a small set, computed by hand") {
  // Thresholds 0.9: tp 1; 0.6: tp 1 fp 1; 0.4: tp 2 fp 2 (a tie); 0.1: tp 2 fp 3.
  const std::vector<int> label = {1, 0, 1, 0, 0};
  const std::vector<double> probability = {0.9, 0.6, 0.4, 0.4, 0.1};
  const auto scores = score(label, probability);
  CHECK(scores.auc_pr == Approx(0.5 * 1.0 + 0.5 * (0.5 + 0.5) / 2));
  CHECK(scores.average_precision == Approx(0.5 * 1.0 + 0.5 * 0.5));
  CHECK(scores.roc_auc == Approx((1 + 1 + 1 + 0.5 + 1 + 0) / 6.0));
  CHECK(scores.mcc == Approx((1 * 2 - 1 * 1) / std::sqrt(2.0 * 2 * 3 * 3)));
  CHECK(scores.brier == Approx((0.01 + 0.36 + 0.36 + 0.16 + 0.01) / 5));
}

TEST_CASE("scores do not depend on the order of the structures") {
  RandomStream random(3);
  std::vector<int> label(60);
  std::vector<double> probability(60);
  for (std::size_t i = 0; i < label.size(); ++i) {
    label[i] = static_cast<int>(random.below(2));
    probability[i] = static_cast<double>(random.below(10)) / 9; // many ties
  }
  const auto before = score(label, probability);
  std::reverse(label.begin(), label.end());
  std::reverse(probability.begin(), probability.end());
  const auto after = score(label, probability);
  CHECK(before.auc_pr == Approx(after.auc_pr).epsilon(1e-13));
  CHECK(before.average_precision == Approx(after.average_precision).epsilon(1e-13));
  CHECK(before.roc_auc == Approx(after.roc_auc).epsilon(1e-13));
}

TEST_CASE("one class only: rankings are undefined, the rest is not") {
  for (const int only : {0, 1}) {
    const auto scores = score(std::vector<int>(4, only), std::vector<double>{0.1, 0.2, 0.7, 0.9});
    CHECK(std::isnan(scores.auc_pr));
    CHECK(std::isnan(scores.average_precision));
    CHECK(std::isnan(scores.roc_auc));
    CHECK(scores.mcc == 0);
    CHECK(scores.brier ==
          Approx(only == 0 ? (0.01 + 0.04 + 0.49 + 0.81) / 4 : (0.81 + 0.64 + 0.09 + 0.01) / 4));
  }
}

TEST_CASE("a constant probability") {
  const auto scores = score(std::vector<int>{1, 0, 0, 0}, std::vector<double>(4, 0.5));
  CHECK(scores.auc_pr == Approx((1 + 0.25) / 2));
  CHECK(scores.average_precision == Approx(0.25));
  CHECK(scores.roc_auc == Approx(0.5));
  CHECK(scores.mcc == 0);
}

TEST_CASE("perfect and inverted rankings") {
  const std::vector<int> label = {1, 1, 0, 0};
  const auto best = score(label, std::vector<double>{1, 0.8, 0.2, 0});
  CHECK(best.auc_pr == Approx(1));
  CHECK(best.average_precision == Approx(1));
  CHECK(best.roc_auc == Approx(1));
  CHECK(best.mcc == Approx(1));
  const auto worst = score(label, std::vector<double>{0, 0.2, 0.8, 1});
  CHECK(worst.roc_auc == Approx(0).margin(1e-15));
  CHECK(worst.mcc == Approx(-1));
}

TEST_CASE("what cannot be scored is refused") {
  CHECK_THROWS_AS(score({}, {}), Error);
  CHECK_THROWS_AS(score(std::vector<int>{1, 2}, std::vector<double>{0.1, 0.2}), Error);
  CHECK_THROWS_AS(score(std::vector<int>{1, 0}, std::vector<double>{0.1}), Error);
  CHECK_THROWS_AS(score(std::vector<int>{1, 0}, std::vector<double>{0.1, std::nan("")}), Error);
  CHECK_THROWS_AS(score(std::vector<int>{1, 0}, std::vector<double>{0.1, 1.5}), Error);
}

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
  const auto intervals = learn::bootstrap(small.label, small.probability, 400, 0.95, 7);
  const auto scores = score(small.label, small.probability);
  CHECK(intervals.roc_auc.low < scores.roc_auc);
  CHECK(intervals.roc_auc.high > scores.roc_auc);
  CHECK(intervals.auc_pr.low < scores.auc_pr);
  CHECK(intervals.auc_pr.high > scores.auc_pr);
  CHECK(intervals.brier.low < scores.brier);
  CHECK(intervals.brier.high > scores.brier);
  const auto again = learn::bootstrap(small.label, small.probability, 400, 0.95, 7);
  CHECK(again.mcc.low == intervals.mcc.low);
  const auto other = learn::bootstrap(small.label, small.probability, 400, 0.95, 8);
  CHECK(other.roc_auc.low != intervals.roc_auc.low);
  const auto narrow = learn::bootstrap(large.label, large.probability, 100, 0.95, 7);
  CHECK(narrow.roc_auc.high - narrow.roc_auc.low < 0.2 * (intervals.roc_auc.high - intervals.roc_auc.low));
}

TEST_CASE("the Brier interval has the width of the normal approximation") {
  const auto sample = make_sample(900, 4);
  const auto interval = learn::bootstrap(sample.label, sample.probability, 2000, 0.95, 1).brier;
  // Stratified: the variance of the mean is that within the classes.
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
  CHECK(interval.high - interval.low == Approx(expected).epsilon(0.08));
}

TEST_CASE("controls know nothing") {
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
