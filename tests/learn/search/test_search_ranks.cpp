// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/learn/search/tune.hpp"

#include "made_up_search.hpp"
#include "support.hpp"
#include "synthetic.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>

using Catch::Matchers::Contains;
using namespace ionsift;
using namespace ionsift::learn;

namespace {

namespace fs = std::filesystem;

/// Collective; returns the search on rank 0, after all trainings.
std::unique_ptr<Search> run(const fs::path& journal, const std::vector<std::string>& clusters,
                            SearchOptions options) {
  std::unique_ptr<Search> search;
  if (test::world().is_root()) {
    search = std::make_unique<Search>(test::small_space(), clusters, options, journal, "input");
  }
  run_search(test::world(), search.get(), options, [&](const SearchTask& task, const AfterEpoch& after) {
    return test::made_up_training(task, after, options.halving.epochs);
  });
  return search;
}

/// Three clusters of structures that a small network can classify.
dataset::Folds three_clusters(std::size_t structures) {
  dataset::Folds folds{{"1", "2", "3"}, {}};
  for (std::size_t i = 0; i < structures; ++i) {
    folds.of.push_back(i % 10 == 9 ? -1 : static_cast<int>(i % 3));
  }
  return folds;
}

TuneOptions small_tune() {
  TuneOptions options;
  options.space =
      SearchSpace::from_json(nlohmann::json::parse(R"({"fixed": {"readout_hidden": 4, "layers": 1},
    "search": {"width": [4, 6], "max_lr": [1e-3, 1e-2, 1e-1], "batch": [8, 16]}})"));
  options.search = test::small_search();
  options.search.trials = 4;
  options.search.repeats = 2;
  options.search.tpe.random_start = 2;
  options.search.halving = {4, 8, 2};
  options.seeds = 3;
  return options;
}

} // namespace

TEST_CASE("every training is done once, whatever the number of ranks") {
  const auto folder = test::scratch("ranks");
  const auto search = run(folder / "journal.jsonl", {"a", "b", "c"}, test::small_search());
  if (!search) {
    return;
  }
  CHECK(search->done());
  CHECK(search->ended() == 3 * (9 + 2 * 3));
  for (const auto& [task, rungs, end] : search->tasks()) {
    REQUIRE(end);
    CHECK((end->rank >= 0 && end->rank < test::world().size()));
    CHECK(search->tasks()[task.id].task == task);
  }
  for (const auto& cluster : search->results()) {
    CHECK(cluster.winner);
  }
}

TEST_CASE("fewer trainings than ranks") {
  const auto folder = test::scratch("few");
  auto options = test::small_search();
  options.trials = 1;
  options.best = 1;
  options.repeats = 1;
  const auto search = run(folder / "journal.jsonl", {"a"}, options);
  if (search) {
    CHECK(search->ended() == 2);
    // Nothing is left to do: all ranks return at once.
  }
  const auto again = run(folder / "journal.jsonl", {"a"}, options);
  if (again) {
    CHECK(again->ended() == 2);
  }
}

TEST_CASE("a search is resumed by another number of ranks") {
  const auto folder = test::scratch("taken up");
  const auto journal = folder / "journal.jsonl";
  if (test::world().is_root()) {
    // Three trainings handed out, none of them ended.
    Search search(test::small_space(), {"a", "b"}, test::small_search(), journal, "input");
    for (int i = 0; i < 3; ++i) {
      REQUIRE(search.next());
    }
    CHECK(search.report(1, 4, 0.5));
  }
  const auto search = run(journal, {"a", "b"}, test::small_search());
  if (search) {
    CHECK(search->done());
    CHECK(search->ended() == 2 * (9 + 2 * 3));
    CHECK(search->tasks()[1].rungs.front().value == 0.5); // as first reported
  }
}

TEST_CASE("networks are searched on structures, and train can read the plan") {
  const auto folder = test::scratch("tune");
  const auto set = test::make_structures(60, 5, 1);
  const auto options = small_tune();
  const auto result = tune(test::world(), set, three_clusters(60), options, folder / "journal.jsonl");
  if (!test::world().is_root()) {
    CHECK(result.tasks.empty());
    return;
  }
  CHECK(result.tasks.size() == 3 * (4 + 2 * 2));
  CHECK(result.trained == result.tasks.size());
  std::uint64_t epochs = 0;
  for (const auto& task : result.tasks) {
    CHECK((task.end->epochs == 4 || task.end->epochs == 8));
    epochs += static_cast<std::uint64_t>(task.end->epochs);
    REQUIRE(task.end->best);
    CHECK((*task.end->best > 0 && *task.end->best <= 1));
  }
  CHECK(result.epochs == epochs);
  const auto plan = MemberPlan::from_json(result.plan.to_json());
  REQUIRE(plan.configurations.size() == 3);
  CHECK(plan.seeds == 3);
  for (std::size_t c = 0; c < 3; ++c) {
    const auto& settings = std::get<AtomSetsConfiguration>(plan.configurations[c].model);
    CHECK(plan.configurations[c].name == "cluster " + std::to_string(c + 1));
    CHECK(settings.epochs == result.clusters[c].winner->best_epoch);
    CHECK(settings.readout_hidden == 4);
  }
}

TEST_CASE("a finished search trains nothing again, one over other structures is refused") {
  const auto folder = test::scratch("finished");
  const auto journal = folder / "journal.jsonl";
  auto set = test::make_structures(60, 5, 1);
  const auto first = tune(test::world(), set, three_clusters(60), small_tune(), journal);
  const auto second = tune(test::world(), set, three_clusters(60), small_tune(), journal);
  if (test::world().is_root()) {
    CHECK(second.trained == 0);
    CHECK(second.plan.to_json() == first.plan.to_json());
  }
  auto options = small_tune();
  options.objective = Objective::average_precision;
  CHECK_THROWS_AS(tune(test::world(), set, three_clusters(60), options, journal), Error);
  set.label[0] = 1 - set.label[0];
  CHECK_THROWS_AS(tune(test::world(), set, three_clusters(60), small_tune(), journal), Error);
  test::world().barrier();
}

TEST_CASE("objectives of a network with the same output for all structures") {
  const auto folder = test::scratch("objective");
  auto set = test::make_structures(60, 5, 1);
  for (auto& rows : set.rows) {
    rows.values.setZero(); // nothing to distinguish structures by
  }
  const auto clusters = three_clusters(60);
  const auto share = [&](const TaskRecord& task) {
    const auto validated = clusters.validated(task.task.cluster);
    const auto positive =
        std::count_if(validated.begin(), validated.end(), [&](std::size_t s) { return set.label[s] == 1; });
    return static_cast<double>(positive) / static_cast<double>(validated.size());
  };
  auto options = small_tune();
  options.objective = objective_of("average-precision");
  for (const auto& task : tune(test::world(), set, clusters, options, folder / "precision.jsonl").tasks) {
    CHECK(*task.end->best == Approx(share(task)));
  }
  options.objective = objective_of("auc-pr");
  for (const auto& task : tune(test::world(), set, clusters, options, folder / "area.jsonl").tasks) {
    CHECK(*task.end->best == Approx(0.5 * (1 + share(task))));
  }
  CHECK_THROWS_AS(objective_of("auc"), Error);
}

TEST_CASE("a cluster of one class is refused") {
  const auto folder = test::scratch("class");
  auto set = test::make_structures(60, 5, 1);
  const auto clusters = three_clusters(60);
  for (const auto i : clusters.validated(1)) {
    set.label[i] = 0;
  }
  CHECK_THROWS_WITH(tune(test::world(), set, clusters, small_tune(), folder / "journal.jsonl"),
                    Contains("cluster 2 cannot be left out"));
}
