// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/learn/metrics/epoch_curve.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace ionsift;
using learn::EpochCurve;

namespace {

/// AUC-PR 0.5 everywhere except in the epochs of a peak.
EpochCurve with_peak(int epochs, int begin, int end, double height, int every = 1) {
  EpochCurve curve;
  for (int epoch = every; epoch <= epochs; epoch += every) {
    const bool inside = epoch >= begin && epoch < end;
    curve.push_back({epoch, 1.0 / epoch, inside ? height : 0.5, 0.4, 0.01 * epoch});
  }
  return curve;
}

} // namespace

TEST_CASE("the best epoch is the centre of the best window of ten") {
  const auto best = learn::best_epoch(with_peak(200, 101, 111, 0.9));
  REQUIRE(best);
  CHECK(best->epoch == 106); // the sixth of 101 .. 110
  CHECK(best->auc_pr == 0.9);
  CHECK(best->mcc == Approx(1.06));
}

TEST_CASE("a single high epoch does not beat ten good ones") {
  auto curve = with_peak(200, 101, 111, 0.7);
  curve[149].auc_pr = 1.0;
  CHECK(learn::best_epoch(curve)->epoch == 106);
}

TEST_CASE("the first thirty epochs do not count, and of equal windows the first is taken") {
  const auto early = learn::best_epoch(with_peak(60, 5, 25, 0.9));
  REQUIRE(early);
  CHECK(early->epoch == 36);                                                 // 31 .. 40
  CHECK(learn::best_epoch(with_peak(60, 5, 25, 0.9), {0, 10})->epoch == 10); // 5 .. 14
  CHECK_FALSE(learn::best_epoch(with_peak(39, 5, 25, 0.9)));
  CHECK(learn::best_epoch(with_peak(40, 5, 25, 0.9))->epoch == 36);
  CHECK_FALSE(learn::best_epoch({}));
}

TEST_CASE("scored every five epochs, a window of ten has two points") {
  const auto best = learn::best_epoch(with_peak(200, 100, 110, 0.9, 5));
  REQUIRE(best);
  CHECK(best->epoch == 105);
}

TEST_CASE("undefined scores have no best epoch") {
  CHECK_FALSE(learn::best_epoch(with_peak(100, 0, 101, std::nan(""))));
  CHECK_THROWS_AS(learn::best_epoch(with_peak(100, 0, 10, 0.9), {30, 0}), Error);
}

TEST_CASE("the mean over repeats, up to the epoch that all of them reached") {
  const auto a = with_peak(50, 1, 51, 0.6);
  const auto b = with_peak(40, 1, 41, 0.8);
  const auto mean = learn::mean_curve(std::vector{a, b});
  REQUIRE(mean.size() == 40);
  CHECK(mean[39].epoch == 40);
  CHECK(mean[39].auc_pr == Approx(0.7));
  CHECK(mean[3].loss == Approx(0.25));
  CHECK(mean[3].mcc == Approx(0.04));
  CHECK(learn::mean_curve({}).empty());
  CHECK_THROWS_AS(learn::mean_curve(std::vector{a, with_peak(50, 1, 51, 0.6, 5)}), Error);
}

TEST_CASE("scores at an epoch") {
  const auto curve = with_peak(50, 1, 51, 0.6, 5);
  CHECK(learn::scores_at(curve, 20)->epoch == 20);
  CHECK(learn::scores_at(curve, 24)->epoch == 20);
  CHECK(learn::scores_at(curve, 900)->epoch == 50);
  CHECK_FALSE(learn::scores_at(curve, 4));
}
