// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/append_log.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/text.hpp"

#include "made_up_search.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <set>

using Catch::Matchers::Contains;
using namespace ionsift;
using namespace ionsift::learn;

namespace {

namespace fs = std::filesystem;

const std::vector<std::string> clusters = {"a", "b"};

/// Thrown instead of a kill.
struct Killed {};

/// Runs to the end, or until this many epochs have been trained.
std::vector<ClusterResult> run(const fs::path& journal, long epochs_until_kill = -1, int more_trials = 0) {
  auto options = test::small_search();
  options.trials += more_trials;
  Search search(test::small_space(), clusters, options, journal, "input");
  long epochs = 0;
  run_search(parallel::Communicator::local(), &search, options,
             [&](const SearchTask& task, const AfterEpoch& after) {
               return test::made_up_training(
                   task,
                   [&](int epoch, double value) {
                     if (epochs++ == epochs_until_kill) {
                       throw Killed();
                     }
                     return after(epoch, value);
                   },
                   options.halving.epochs);
             });
  return search.results();
}

/// The lines of a journal without the seconds that trainings took.
std::vector<std::string> lines(const fs::path& journal) {
  std::vector<std::string> result;
  for (const auto& text : split(read_file(journal), '\n')) {
    if (!text.empty()) {
      auto line = nlohmann::json::parse(text).at(1); // after its frame
      if (line.contains("result")) {
        line["result"].erase("seconds");
      }
      result.push_back(line.dump());
    }
  }
  return result;
}

void write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

void check_same(const std::vector<ClusterResult>& a, const std::vector<ClusterResult>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t c = 0; c < a.size(); ++c) {
    REQUIRE(a[c].winner);
    REQUIRE(b[c].winner);
    CHECK(a[c].winner->trial == b[c].winner->trial);
    CHECK(a[c].winner->best == b[c].winner->best);
    CHECK(a[c].winner->best_epoch == b[c].winner->best_epoch);
    CHECK(*a[c].configuration == *b[c].configuration);
  }
}

} // namespace

TEST_CASE("trials alternate between clusters, then the best distinct ones repeat, then one wins") {
  const auto folder = test::scratch("search");
  const auto options = test::small_search();
  const auto results = run(folder / "journal.jsonl");
  const Search search(test::small_space(), clusters, options, folder / "journal.jsonl", "input");
  CHECK(search.done());
  CHECK(search.tasks().size() == search.total());
  CHECK(search.tasks().size() == 2 * (9 + 2 * 3));
  for (std::size_t i = 0; i < 18; ++i) {
    const auto& task = search.tasks()[i].task;
    CHECK(task.id == i);
    CHECK(task.cluster == static_cast<int>(i % 2));
    CHECK_FALSE(task.repeat);
  }
  std::set<std::uint64_t> seeds;
  for (int c = 0; c < 2; ++c) {
    const auto& result = results[static_cast<std::size_t>(c)];
    REQUIRE(result.candidates.size() == 2);
    // The candidates are the best of the trials by their rolling means, at distinct points.
    std::vector<std::pair<double, Point>> trials;
    for (const auto& [task, rungs, end] : search.tasks()) {
      if (task.cluster == c && !task.repeat && end->best) {
        trials.emplace_back(-*end->best, task.point);
        CHECK((end->epochs == 4 || end->epochs == 8 || end->epochs == 16 || end->epochs == 20));
        CHECK(rungs.size() == (end->epochs == 4 ? 1U : end->epochs == 8 ? 2U : 3U));
        seeds.insert(task.seed);
      }
    }
    std::sort(trials.begin(), trials.end());
    const auto point_of = [&](int trial) {
      return search.tasks()[static_cast<std::size_t>(2 * trial + c)].task.point;
    };
    CHECK(point_of(result.candidates[0].trial) == trials[0].second);
    CHECK(point_of(result.candidates[1].trial) == trials[1].second);
    REQUIRE(result.winner);
    CHECK(*result.winner->best == std::max(*result.candidates[0].best, *result.candidates[1].best));
    CHECK(result.configuration->name == "cluster " + clusters[static_cast<std::size_t>(c)]);
    CHECK(std::get<AtomSetsConfiguration>(result.configuration->model).epochs == result.winner->best_epoch);
  }
  CHECK(seeds.size() > 15); // every trial has its own seed
  // The winner's score and epoch are those of the mean curve of its repeats.
  const auto& winner = *results[0].winner;
  std::vector<double> mean(20);
  for (const auto& [task, rungs, end] : search.tasks()) {
    if (task.cluster == 0 && task.repeat && task.trial == winner.trial) {
      REQUIRE(end->curve.size() == 20);
      for (std::size_t e = 0; e < 20; ++e) {
        mean[e] += end->curve[e] / 3;
      }
    }
  }
  const auto at = static_cast<std::size_t>(winner.best_epoch) - 1; // the centre of three
  CHECK((mean[at - 1] + mean[at] + mean[at + 1]) / 3 == Approx(*winner.best));
}

TEST_CASE("diverged trainings are worse than all others, and not candidates") {
  const auto folder = test::scratch("diverged");
  run(folder / "journal.jsonl");
  const Search search(test::small_space(), clusters, test::small_search(), folder / "journal.jsonl", "input");
  int diverged = 0;
  for (const auto& [task, rungs, end] : search.tasks()) {
    diverged += end->diverged ? 1 : 0;
    if (end->diverged) {
      CHECK_FALSE(end->best);
      CHECK_FALSE(task.repeat);
    }
  }
  CHECK(diverged > 0);
}

TEST_CASE("a search killed at any byte of its journal resumes to the same result") {
  const auto folder = test::scratch("torn");
  const auto whole = run(folder / "whole.jsonl");
  const auto text = read_file(folder / "whole.jsonl");
  const auto expected = lines(folder / "whole.jsonl");
  const auto torn = folder / "torn.jsonl";
  std::vector<std::size_t> cuts;
  for (std::size_t begin = 0, end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    for (const auto cut : {begin, begin + 1, (begin + end) / 2, end}) {
      cuts.push_back(cut);
    }
    begin = end + 1;
  }
  REQUIRE(cuts.size() > 200);
  for (const auto cut : cuts) {
    INFO("cut after " << cut << " of " << text.size() << " bytes");
    write(torn, text.substr(0, cut));
    check_same(run(torn), whole);
    REQUIRE(lines(torn) == expected);
  }
}

TEST_CASE("a search killed several times, in any training, resumes to the same result") {
  const auto folder = test::scratch("killed");
  const auto whole = run(folder / "whole.jsonl");
  const auto journal = folder / "killed.jsonl";
  int kills = 0;
  for (bool ended = false; !ended;) {
    try {
      check_same(run(journal, 23), whole);
      ended = true;
    } catch (const Killed&) {
      ++kills;
    }
  }
  CHECK(kills > 10);
  CHECK(lines(journal) == lines(folder / "whole.jsonl"));
}

TEST_CASE("a finished search is extended to the result of one with more trials") {
  const auto folder = test::scratch("extended");
  const auto whole = run(folder / "whole.jsonl", -1, 7);
  const auto journal = folder / "journal.jsonl";
  run(journal);
  const auto before = lines(journal).size();
  // Also if the extension is killed repeatedly.
  for (bool ended = false; !ended;) {
    try {
      check_same(run(journal, 23, 7), whole);
      ended = true;
    } catch (const Killed&) {
    }
  }
  CHECK(lines(journal).size() > before);
  const auto trained = lines(journal);
  check_same(run(journal, 0, 7), whole); // nothing is trained again
  CHECK(lines(journal) == trained);
  CHECK_THROWS_WITH(run(journal), Contains("not made smaller"));
}

TEST_CASE("a journal of another search or of an earlier version is refused") {
  const auto folder = test::scratch("refused");
  const auto journal = folder / "journal.jsonl";
  run(journal);
  auto options = test::small_search();
  CHECK_THROWS_WITH(Search(test::small_space(), clusters, options, journal, "another"),
                    Contains("another search"));
  options.seed = 12;
  CHECK_THROWS_WITH(Search(test::small_space(), clusters, options, journal, "input"),
                    Contains("--overwrite"));
  write(journal, "{\"format\":\"ionsift search journal\"}\n"); // of an earlier version without frames
  CHECK_THROWS_WITH(Search(test::small_space(), clusters, test::small_search(), journal, "input"),
                    Contains("another search") && Contains("--overwrite"));
}

TEST_CASE("a journal is used up to the first changed record, whatever the record") {
  const auto folder = test::scratch("changed");
  const auto journal = folder / "journal.jsonl";
  const auto whole = run(journal);
  const auto text = read_file(journal);
  const auto expected = lines(journal);
  for (const auto& [before, after] :
       std::vector<std::pair<std::string, std::string>>{{R"("cluster":0)", R"("cluster":7)"},
                                                        {R"("id":3,)", R"("id":4,)"},
                                                        {R"("point":[)", R"("point":[0.0,)"},
                                                        {R"("trial":1)", R"("trial":2)"},
                                                        {R"({"decision":"goes on")", R"({"decision":"ends")"},
                                                        {R"({"end":0)", R"({"end":900)"}}) {
    INFO(before);
    auto changed = text;
    const auto at = changed.find(before);
    REQUIRE(at != std::string::npos);
    write(journal, changed.replace(at, before.size(), after));
    check_same(run(journal), whole);
    CHECK(lines(journal) == expected);
  }
}

TEST_CASE("contradictory records are refused") {
  const auto folder = test::scratch("contradictory");
  const auto journal = folder / "journal.jsonl";
  run(journal);
  std::vector<std::string> records;
  const RandomFile file(journal);
  for (const auto& place : scan_log(file).places) {
    records.push_back(read_log(file, place).value());
  }
  const auto forge = [&](const std::string& before, const std::string& after) {
    AppendLog log(journal, records.front());
    for (std::size_t i = 1; i < records.size(); ++i) {
      auto record = records[i];
      if (const auto at = record.find(before); at != std::string::npos) {
        record.replace(at, before.size(), after);
      }
      log.add(0, record);
    }
    log.flush();
    CHECK_THROWS_WITH(Search(test::small_space(), clusters, test::small_search(), journal, "input"),
                      Contains("journal.jsonl is not the journal of this search") && Contains("--overwrite"));
  };
  forge(R"("cluster":0)", R"("cluster":7)");
  forge(R"("decision":"goes on")", R"("decision":"ends")");
  forge(R"("end":0)", R"("end":900)");
}

TEST_CASE("a configuration does not win by the only repeat that converged") {
  const auto folder = test::scratch("lucky");
  const auto options = test::small_search();
  std::set<int> lucky; // the best trial of each cluster: one repeat is excellent, the others diverge
  Search search(test::small_space(), clusters, options, folder / "journal.jsonl", "input");
  run_search(parallel::Communicator::local(), &search, options,
             [&](const SearchTask& task, const AfterEpoch& after) {
               const int number = 100 * task.cluster + task.trial;
               if (task.repeat && (lucky.contains(number) || lucky.empty())) {
                 lucky.insert(number);
                 if (*task.repeat > 0) {
                   TrainingRecord record;
                   record.diverged = true;
                   return record;
                 }
                 return test::made_up_training(
                     task, [&](int epoch, double) { return after(epoch, 5.0); }, options.halving.epochs);
               }
               return test::made_up_training(task, after, options.halving.epochs);
             });
  REQUIRE(lucky.size() == 1);
  const auto result = search.results()[static_cast<std::size_t>(*lucky.begin() / 100)];
  REQUIRE(result.winner);
  CHECK(result.winner->trial != *lucky.begin() % 100);
  CHECK(result.winner->repeats == options.repeats);
}

TEST_CASE("a window longer than the grace is a usage error") {
  const auto folder = test::scratch("usage");
  auto options = test::small_search();
  options.rule = {2, 3};
  CHECK_THROWS_AS(Search(test::small_space(), clusters, options, folder / "j", ""), Error);
  options = test::small_search();
  options.repeats = 0;
  CHECK_THROWS_AS(Search(test::small_space(), clusters, options, folder / "j", ""), Error);
}
