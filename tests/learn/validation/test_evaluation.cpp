// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/learn/validation/evaluation.hpp"

#include "support.hpp"
#include "synthetic.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using Catch::Matchers::Contains;
using namespace ionsift;
using namespace ionsift::learn;

namespace {

Ensemble trained(const dataset::FeatureSet& train) {
  AtomSetsConfiguration settings;
  settings.layers = 1;
  settings.width = 8;
  settings.readout_hidden = 4;
  settings.batch = 16;
  settings.epochs = 3;
  TrainOptions options;
  options.plan.seeds = 3;
  options.plan.configurations.resize(1);
  options.plan.configurations.front().model = settings;
  const auto folder = test::scratch("evaluation");
  PhaseTimes phases;
  train_ensemble(test::world(), train, options, folder, true, phases);
  test::world().barrier();
  return Ensemble::load(folder);
}

dataset::FeatureSet unseen() {
  auto set = test::make_structures(30, 5, 2);
  for (auto& id : set.id) {
    id = "new " + id;
  }
  return set;
}

} // namespace

TEST_CASE("an evaluation is complete on every rank, and its parts are consistent") {
  const auto train = test::make_structures(40, 5, 1);
  const auto ensemble = trained(train);
  const auto set = unseen();
  EvaluationOptions options;
  options.resampling.draws = 100;
  options.strata = 3;
  const auto result =
      evaluate(test::world(), ensemble, set, train.rows.front().means(), parallel::DeviceBinding(), options);
  REQUIRE(result.probability.size() == 30);
  CHECK(result.structures == 30);
  CHECK(result.id == set.id);

  // The result of a single rank.
  const auto alone =
      evaluate(parallel::Communicator::local(), ensemble, set, train.rows.front().means(), {}, options);
  CHECK(alone.d_training == result.d_training);
  for (std::size_t i = 0; i < 30; ++i) {
    CHECK(result.probability[i] == Approx(alone.probability[i]).margin(1e-6));
  }
  CHECK(result.calibration.brier == Approx(result.scores.brier).epsilon(1e-12));
  REQUIRE(result.by_distance.size() == 3);
  CHECK(result.by_distance[0].structures == 10);
  CHECK(result.by_distance[0].high <= result.by_distance[1].low);
  CHECK(result.by_distance[2].high == *std::max_element(result.d_training.begin(), result.d_training.end()));
  CHECK(result.spread_against_error.strata.size() == 3);
  CHECK(result.intervals.low.brier <= result.scores.brier);
}

TEST_CASE("structures that were trained on are not evaluated") {
  const auto train = test::make_structures(40, 5, 1);
  const auto ensemble = trained(train);
  auto set = unseen();
  set.id[7] = "s7";
  CHECK_THROWS_WITH(evaluate(test::world(), ensemble, set, train.rows.front().means(), {}, {}),
                    Contains("1 of 30 structures were trained on, for example s7"));
  test::world().barrier();
}
