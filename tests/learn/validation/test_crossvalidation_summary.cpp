// SPDX-License-Identifier: BSD-3-Clause
// Scores of made-up trainings, so that every number can be computed by hand.
#include "ionsift/base/error.hpp"
#include "ionsift/learn/validation/crossvalidation.hpp"

#include "synthetic.hpp"
#include "validation/fold_journal.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace ionsift;
using namespace ionsift::learn;

namespace {

constexpr int epochs = 60;

/// Eight structures in two folds, classes 0 1 0 1 ...
dataset::FeatureSet eight() {
  auto set = test::make_structures(8, 4, 3);
  for (std::size_t i = 0; i < 8; ++i) {
    set.label[i] = static_cast<int>(i % 2);
  }
  return set;
}

dataset::Folds two_folds() {
  return {{"0", "1"}, {0, 0, 0, 0, 1, 1, 1, 1}};
}

/// AUC-PR `height` in epochs begin .. begin + 9, else 0.5; MCC a hundredth of the epoch.
EpochCurve peak(int begin, double height) {
  EpochCurve curve;
  for (int e = 1; e <= epochs; ++e) {
    curve.push_back({e, 1, e >= begin && e < begin + 10 ? height : 0.5, 0.5, e / 100.0});
  }
  return curve;
}

CrossValidationOptions options_of() {
  CrossValidationOptions options;
  Variant variant{"v", {}};
  variant.plan.seeds = 2;
  variant.plan.configurations.resize(1);
  options.variants = {variant};
  options.resampling.draws = 40;
  options.strata = 2;
  options.bins = 2;
  return options;
}

std::vector<FoldTraining> trainings() {
  // Repeats of fold 0 peak together at 41, those of fold 1 at 31.
  std::vector<FoldTraining> list;
  list.push_back({{0, 0, 0, 0, 0}, {}, 1, peak(41, 0.9), {0.2F, 0.6F, 0.1F, 0.4F}});
  list.push_back({{0, 0, 0, 0, 1}, {}, 1, peak(41, 0.7), {0.4F, 0.8F, 0.1F, 0.8F}});
  list.push_back({{0, 0, 1, 0, 0}, {}, 1, peak(31, 0.8), {0.1F, 0.9F, 0.7F, 0.9F}});
  list.push_back({{0, 0, 1, 0, 1}, {}, 1, peak(31, 0.8), {0.1F, 0.7F, 0.9F, 0.9F}});
  return list;
}

} // namespace

TEST_CASE("folds, ensembles and pooled scores of made-up members") {
  const auto result = summarize_folds(trainings(), eight(), two_folds(), options_of());
  REQUIRE(result.variants.size() == 1);
  const auto& variant = result.variants.front();
  REQUIRE(variant.folds.size() == 2);
  const auto& fold = variant.folds[0];
  CHECK(fold.training == 4);
  CHECK(fold.training_positive == 2);
  CHECK(fold.validated == 4);
  // At 0.5 the first member finds one of two positives (MCC 1 / sqrt 3), the second both (1).
  CHECK(fold.members[0].mcc == Approx(1 / std::sqrt(3.0)));
  CHECK(fold.members[1].mcc == Approx(1));
  CHECK(fold.spread.mean.mcc == Approx((1 + 1 / std::sqrt(3.0)) / 2));
  CHECK(fold.spread.sd.mcc == Approx((1 - 1 / std::sqrt(3.0)) / 2));
  CHECK(variant.probability[0] == Approx(0.3));
  CHECK(variant.sd[0] == Approx(0.1));
  CHECK(fold.ensemble.mcc == Approx(1)); // 0.3 0.7 0.1 0.6
  // Fold 1 has 0.1 0.8 0.8 0.9: two true, one false positive.
  CHECK(variant.folds[1].ensemble.mcc == Approx(1 / std::sqrt(3.0)));
  CHECK(variant.ensemble.mean.mcc == Approx((1 + 1 / std::sqrt(3.0)) / 2));
  // Pooled: tp 4, fp 1, tn 3, fn 0.
  CHECK(variant.pooled.mcc == Approx(12 / std::sqrt(5.0 * 4 * 4 * 3)));
  CHECK(variant.structure == std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(variant.fold == std::vector{0, 0, 0, 0, 1, 1, 1, 1});
  CHECK(variant.calibration.bins.size() == 2);
  CHECK(variant.by_distance.size() == 2);
  CHECK(variant.diverged == 0);
  CHECK_FALSE(variant.against_first);
  CHECK(variant.intervals.low.brier <= variant.pooled.brier);
  REQUIRE(result.controls.size() == 2);
  CHECK(result.controls[0].mean.average_precision == Approx(0.5));
}

TEST_CASE("the best epoch of a fold, and the one that the other folds choose") {
  const auto result = summarize_folds(trainings(), eight(), two_folds(), options_of());
  const auto& folds = result.variants.front().folds;
  REQUIRE(folds[0].best);
  CHECK(folds[0].best->epoch == 46);
  CHECK(folds[0].best->auc_pr == Approx(0.8));
  CHECK(folds[0].best->mcc == Approx(0.46));
  CHECK(folds[1].best->epoch == 36);
  // Fold 1 chooses 36: there fold 0 has not risen yet.
  REQUIRE(folds[0].chosen);
  CHECK(folds[0].chosen->epoch == 36);
  CHECK(folds[0].chosen->auc_pr == Approx(0.5));
  CHECK(folds[1].chosen->epoch == 46);
  CHECK(result.variants.front().best.mean.auc_pr == Approx(0.8));
  CHECK(result.variants.front().chosen.mean.auc_pr == Approx(0.5));
  CHECK(std::isnan(result.variants.front().best.mean.brier));
}

TEST_CASE("the threshold of a fold is that of the other folds") {
  auto list = trainings();
  list[2].probability = list[3].probability = {0.6F, 0.8F, 0.7F, 0.9F};
  const auto result = summarize_folds(list, eight(), two_folds(), options_of());
  const auto& folds = result.variants.front().folds;
  CHECK(folds[1].ensemble.mcc == 0);
  CHECK(folds[0].threshold == Approx(0.75)); // separates fold 1
  CHECK(folds[0].mcc_at_threshold == 0);     // but none of 0.3 0.7 0.1 0.6 is positive
  CHECK(folds[1].threshold == 0.5);          // fold 0 is separated there already
  CHECK(folds[1].mcc_at_threshold == 0);
}

TEST_CASE("diverged members are left out, and so is a fold of them") {
  auto list = trainings();
  for (const std::size_t i : {0, 2, 3}) {
    list[i].record.diverged = true;
    list[i].probability.clear();
    list[i].curve.clear();
  }
  const auto result = summarize_folds(list, eight(), two_folds(), options_of());
  const auto& variant = result.variants.front();
  CHECK(variant.diverged == 3);
  CHECK(std::isnan(variant.folds[0].members[0].mcc));
  CHECK(variant.folds[0].spread.mean.mcc == Approx(1));
  CHECK(std::isnan(variant.folds[1].ensemble.mcc));
  CHECK_FALSE(variant.folds[1].best);
  CHECK(variant.structure == std::vector<std::size_t>{0, 1, 2, 3});
  CHECK(variant.ensemble.mean.mcc == Approx(1));
  list[1].record.diverged = true;
  list[1].probability.clear();
  CHECK_THROWS_AS(summarize_folds(list, eight(), two_folds(), options_of()), Error);
}

TEST_CASE("weights of configurations are used, and variants are compared structure by structure") {
  auto options = options_of();
  options.variants[0].plan.seeds = 1;
  options.variants[0].plan.configurations.resize(2);
  options.variants[0].plan.configurations[1].weight = 3;
  options.variants.push_back(options.variants[0]);
  std::vector<FoldTraining> list;
  for (const int v : {0, 1}) {
    for (const int f : {0, 1}) {
      list.push_back({{v, 0, f, 0, 0}, {}, 1, {}, {0.0F, 1.0F, 0.0F, 1.0F}});
      const float same = v == 0 ? 0.2F : 0.4F;
      list.push_back({{v, 0, f, 1, 0}, {}, 1, {}, {same, same, same, same}});
    }
  }
  const auto result = summarize_folds(list, eight(), two_folds(), options);
  REQUIRE(result.variants.size() == 2);
  CHECK(result.variants[0].probability[0] == Approx(0.15));
  CHECK(result.variants[0].probability[1] == Approx(0.4));
  REQUIRE(result.variants[1].against_first);
  const auto& difference = *result.variants[1].against_first;
  CHECK(difference.difference.mcc == Approx(1)); // 0.3 and 0.55 against 0.15 and 0.4
  CHECK(difference.intervals.low.mcc == Approx(1));
  CHECK_FALSE(result.variants[0].folds[0].best); // no epochs
}

TEST_CASE("a training is read back from the journal, whatever its numbers") {
  auto training = trainings()[0];
  training.record = {60, std::nan(""), true, false};
  training.curve[3].auc_pr = std::nan("");
  training.curve[4].loss = 1.0 / 3;
  const auto back = fold_training_from_json(nlohmann::json::parse(to_json(training).dump()));
  CHECK(back.member == training.member);
  CHECK(std::isnan(back.record.loss));
  CHECK(back.record.diverged);
  CHECK(back.record.epochs == 60);
  CHECK(back.probability == training.probability);
  CHECK(std::isnan(back.curve[3].auc_pr));
  CHECK(back.curve[4].loss == training.curve[4].loss);
}
