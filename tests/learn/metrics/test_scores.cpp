// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/learn/metrics/scores.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cmath>

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
  CHECK(scores.precision == Approx(0.5)); // 0.9 and 0.6 are predicted positive
  CHECK(scores.recall == Approx(0.5));
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
    CHECK(scores.precision == only);
    CHECK(std::isnan(scores.recall) == (only == 0));
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
  CHECK(scores.precision == Approx(0.25));
  CHECK(scores.recall == 1);
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

TEST_CASE("invalid labels and probabilities are refused") {
  CHECK_THROWS_AS(score({}, {}), Error);
  CHECK_THROWS_AS(score(std::vector<int>{1, 2}, std::vector<double>{0.1, 0.2}), Error);
  CHECK_THROWS_AS(score(std::vector<int>{1, 0}, std::vector<double>{0.1}), Error);
  CHECK_THROWS_AS(score(std::vector<int>{1, 0}, std::vector<double>{0.1, std::nan("")}), Error);
  CHECK_THROWS_AS(score(std::vector<int>{1, 0}, std::vector<double>{0.1, 1.5}), Error);
}

TEST_CASE("a precision without positive predictions is undefined") {
  CHECK(std::isnan(score(std::vector<int>{1, 0}, std::vector<double>{0.4, 0.1}).precision));
}

TEST_CASE("the best cut by hand, and its score on other data") {
  // Between 0.2 and 0.3: tp 3, fp 1, tn 2, fn 0. At 0.5: tp 1, fp 0, tn 3, fn 2.
  const std::vector<int> label = {0, 0, 1, 1, 0, 1};
  const std::vector<double> probability = {0.1, 0.2, 0.3, 0.35, 0.4, 0.9};
  const auto cut = learn::best_mcc_cut(label, probability);
  CHECK(cut.threshold == Approx(0.25));
  CHECK(cut.mcc == Approx((3 * 2 - 1 * 0) / std::sqrt(4.0 * 3 * 3 * 2)));
  CHECK(learn::mcc_at(label, probability, 0.5) == Approx(3 / std::sqrt(1.0 * 3 * 3 * 5)));
  CHECK(learn::mcc_at(label, probability, cut.threshold) == cut.mcc);
  CHECK(learn::mcc_at(std::vector<int>{1, 0}, std::vector<double>{0.1, 0.9}, cut.threshold) == Approx(-1));
}

TEST_CASE("of equally good cuts the nearest to one half is taken") {
  const std::vector<int> label = {0, 0, 1, 1};
  CHECK(learn::best_mcc_cut(label, std::vector<double>{0.1, 0.2, 0.8, 0.9}).threshold == 0.5);
  CHECK(learn::best_mcc_cut(label, std::vector<double>{0.6, 0.7, 0.8, 0.9}).threshold == Approx(0.75));
  CHECK(learn::best_mcc_cut(label, std::vector<double>(4, 0.3)).mcc == 0);
}

TEST_CASE("scores of several runs taken together") {
  learn::Scores a, b, c;
  a.mcc = 0.2;
  b.mcc = 0.5;
  c.mcc = 0.8;
  a.precision = b.precision = std::nan("");
  c.precision = 0.75;
  a.recall = b.recall = c.recall = std::nan("");
  const auto spread = learn::mean_and_spread(std::vector{a, b, c});
  CHECK(spread.mean.mcc == Approx(0.5));
  CHECK(spread.sd.mcc == Approx(std::sqrt(0.06)));
  CHECK(spread.mean.precision == 0.75);
  CHECK(spread.sd.precision == 0);
  CHECK(std::isnan(spread.mean.recall));
  CHECK(std::isnan(learn::mean_and_spread({}).mean.mcc));
}
