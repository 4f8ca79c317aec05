// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/signal_watch.hpp"
#include "ionsift/learn/ensemble/ensemble.hpp"

#include "support.hpp"
#include "synthetic.hpp"

#include <catch2/catch.hpp>

#include <csignal>

using namespace ionsift;
using namespace ionsift::learn;

namespace {

TrainOptions options_of(int seeds) {
  TrainOptions options;
  options.plan.seeds = seeds;
  for (const int width : {5, 12, 8}) {
    AtomSetsConfiguration c;
    c.layers = 1;
    c.width = width;
    c.readout_hidden = 4;
    c.batch = 16;
    c.epochs = 3;
    options.plan.configurations.emplace_back().model = c;
  }
  return options;
}

} // namespace

TEST_CASE("any number of ranks trains the same ensemble") {
  const auto train = test::make_structures(40, 5, 1);
  const auto options = options_of(3);
  const auto shared = test::scratch("shared");
  const auto alone = test::scratch("alone") / std::to_string(test::world().rank());
  PhaseTimes phases;
  const auto records = train_ensemble(test::world(), train, options, shared, false, phases).members;
  const auto expected =
      train_ensemble(parallel::Communicator::local(), train, options, alone, false, phases).members;

  // Every rank has all members, in the order of the plan.
  REQUIRE(records.size() == 9);
  for (std::size_t i = 0; i < records.size(); ++i) {
    CHECK(records[i].configuration == expected[i].configuration);
    CHECK(records[i].repeat == expected[i].repeat);
    CHECK(records[i].seed == expected[i].seed);
    CHECK(records[i].loss == expected[i].loss);
  }
  const auto asked = test::make_structures(20, 5, 2);
  CHECK(Ensemble::load(shared).predict(asked, {}) == Ensemble::load(alone).predict(asked, {}));
}

TEST_CASE("fewer members than ranks") {
  const auto folder = test::scratch("few");
  PhaseTimes phases;
  auto options = options_of(1);
  options.plan.configurations.resize(1);
  const auto records =
      train_ensemble(test::world(), test::make_structures(40, 5, 1), options, folder, false, phases).members;
  CHECK(records.size() == 1);
  CHECK(Ensemble::load(folder).members() == 1);
}

TEST_CASE("a folder that holds an ensemble is refused on every rank") {
  const auto folder = test::scratch("taken");
  PhaseTimes phases;
  const auto train = test::make_structures(40, 5, 1);
  train_ensemble(test::world(), train, options_of(1), folder, false, phases);
  CHECK_THROWS_AS(train_ensemble(test::world(), train, options_of(1), folder, false, phases), Error);
  test::world().barrier();
}

TEST_CASE("an interrupted run leaves a folder in which only the same run resumes") {
  const auto folder = test::scratch("told");
  const auto train = test::make_structures(40, 5, 1);
  PhaseTimes phases;
  {
    const SignalWatch outside;
    if (test::world().rank() == test::world().size() - 1) {
      std::raise(SIGTERM);
    }
    const auto left = train_ensemble(test::world(), train, options_of(2), folder, false, phases);
    CHECK(left.planned == 6);
    CHECK(left.cost.items == left.members.size());
    // One rank was signalled; others may have finished before they learned of it.
    CHECK((test::world().size() > 1 || left.members.empty()));
  }
  if (!std::filesystem::exists(folder / "ensemble.json")) {
    CHECK_THROWS_WITH(Ensemble::load(folder), Catch::Contains("is not finished"));
    auto other = options_of(2);
    other.seed = 2;
    CHECK_THROWS_AS(train_ensemble(test::world(), train, other, folder, false, phases), Error);
    const auto whole = train_ensemble(test::world(), train, options_of(2), folder, false, phases);
    CHECK_FALSE(whole.interrupted());
  }
  const auto alone = test::scratch("told-alone") / std::to_string(test::world().rank());
  train_ensemble(parallel::Communicator::local(), train, options_of(2), alone, false, phases);
  const auto asked = test::make_structures(20, 5, 2);
  CHECK(Ensemble::load(folder).predict(asked, {}) == Ensemble::load(alone).predict(asked, {}));
  CHECK_FALSE(std::filesystem::exists(folder / "journal"));
}

TEST_CASE("members trained in stacks equal those trained singly, up to rounding") {
  const auto train = test::make_structures(40, 5, 1);
  auto options = options_of(5);
  PhaseTimes phases;
  const auto singly = test::scratch("singly");
  train_ensemble(test::world(), train, options, singly, false, phases);
  options.stack = 2;
  const auto stacked = test::scratch("stacked");
  const auto records = train_ensemble(test::world(), train, options, stacked, false, phases).members;
  CHECK(records.size() == 15);
  const auto alone = test::scratch("stacked-alone") / std::to_string(test::world().rank());
  train_ensemble(parallel::Communicator::local(), train, options, alone, false, phases);

  const auto asked = test::make_structures(20, 5, 2);
  const auto expected = Ensemble::load(singly).predict(asked, {});
  const auto found = Ensemble::load(stacked).predict(asked, {});
  CHECK((found - expected).cwiseAbs().maxCoeff() < 1e-5F);
  CHECK(found == Ensemble::load(alone).predict(asked, {}));
}
