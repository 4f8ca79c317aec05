// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/report/scaling.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

using namespace ionsift;
using Catch::Matchers::Contains;
using report::ScalingRun;

namespace {

/// 64 items of a second each, and four seconds of other work.
ScalingRun even_run() {
  ScalingRun run;
  run.command = "train";
  run.seconds = 68;
  run.rounds = {std::vector<double>(64, 1.0)};
  run.busy = {64};
  return run;
}

report::ScalingRow find(const std::vector<report::ScalingRow>& rows, const std::string& kind, int ranks) {
  for (const auto& row : rows) {
    if (row.kind == kind && row.ranks == ranks) {
      return row;
    }
  }
  FAIL("no row " << kind << " of " << ranks << " ranks");
  return {};
}

void write_run(const std::filesystem::path& folder, const std::string& status, const std::string& items) {
  std::ofstream(folder / "run.json") << R"({"command": "order", "seconds": 5, "status": ")" << status
                                     << R"(", "input": {"item-times": ")" << items
                                     << R"("}, "environment": {"ranks": 2}, "phases": {"load": 0.5}})";
  std::ofstream(folder / "items.csv")
      << "queue,round,item,seconds,rank\n0,0,0,2,0\n0,0,1,1,1\n0,1,0,1,1\n1,0,0,1,0\n";
}

} // namespace

TEST_CASE("Even items scale until there are more ranks than items") {
  report::ForecastOptions options;
  options.ranks = {1, 16, 64, 128};
  options.ticket_seconds = 0;
  options.items_per_rank = 1;
  const auto rows = report::forecast_scaling(even_run(), options);
  CHECK(find(rows, "strong", 1).seconds == Approx(68));
  CHECK(find(rows, "strong", 16).seconds == Approx(8));
  CHECK(find(rows, "strong", 16).speedup == Approx(8.5));
  CHECK(find(rows, "strong", 16).imbalance == Approx(1));
  CHECK(find(rows, "strong", 64).seconds == Approx(5));
  CHECK(find(rows, "strong", 128).seconds == Approx(5));
  CHECK(find(rows, "strong", 128).imbalance == Approx(2));
  // One item per rank, for any number: only the constant part limits scaling.
  for (const int ranks : options.ranks) {
    CHECK(find(rows, "weak", ranks).seconds == Approx(5));
    CHECK(find(rows, "weak", ranks).efficiency == Approx(1));
  }
}

TEST_CASE("Ten thousand ranks are forecast, and tickets cost") {
  report::ForecastOptions options;
  options.ranks = {10000};
  options.weak_items = 3;
  options.ticket_seconds = 0.5;
  const auto rows = report::forecast_scaling(even_run(), options);
  CHECK(find(rows, "strong", 10000).seconds == Approx(4 + 1 + 0.5));
  CHECK(find(rows, "weak", 10000).seconds > 4 + 3);
  CHECK(find(rows, "weak", 10000).efficiency <= 1);
  CHECK(find(rows, "weak", 10000).seconds < 4 + 3 + 4 * 0.5);
}

TEST_CASE("Ranks wait for each other between rounds, unless a round has too few items") {
  ScalingRun run;
  run.command = "featurize";
  run.rounds = {{3, 1}, {3, 1}};
  run.busy = {8};
  run.seconds = 8;
  report::ForecastOptions options;
  options.ranks = {2};
  options.ticket_seconds = 0;
  options.items_per_rank = 1;
  CHECK(find(report::forecast_scaling(run, options), "strong", 2).seconds == Approx(6));
  options.items_per_rank = 2;
  CHECK(find(report::forecast_scaling(run, options), "strong", 2).seconds == Approx(4));
}

TEST_CASE("Unpacking bounds many ranks, writing is shared, and both grow with the items") {
  auto run = even_run(); // 64 s of items, 4 s of other work
  run.command = "featurize";
  run.seconds += 8 + 16;
  run.phases = {{"unpacking", 8}, {"writing", 16}, {"features", 60}};
  report::ForecastOptions options;
  options.ranks = {1, 2, 64};
  options.ticket_seconds = 0;
  options.items_per_rank = 1;
  const auto rows = report::forecast_scaling(run, options);
  CHECK(find(rows, "strong", 1).seconds == Approx(92));
  CHECK(find(rows, "strong", 2).seconds == Approx(4 + 32 + 4 + 8));
  CHECK(find(rows, "strong", 64).seconds == Approx(4 + 8 + 0.25)); // not faster than the single reader
  options.readers = 8;
  CHECK(find(report::forecast_scaling(run, options), "strong", 64).seconds == Approx(4 + 1 + 0.125 + 0.25));
  options.items = 640;
  CHECK(find(report::forecast_scaling(run, options), "strong", 64).seconds == Approx(4 + 10 + 1.25 + 2.5));
  options.readers = 0;
  CHECK_THROWS_AS(report::forecast_scaling(run, options), Error);
}

TEST_CASE("Measured runs are compared with the run on the fewest ranks") {
  ScalingRun four = even_run();
  four.ranks = 4;
  four.seconds = 20;
  four.busy = {20, 15, 15, 14};
  ScalingRun two = even_run();
  two.ranks = 2;
  two.seconds = 35;
  two.busy = {32, 32};
  const auto rows = report::measured_scaling({four, two}, false);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].ranks == 2);
  CHECK(rows[0].efficiency == Approx(1));
  CHECK(rows[1].speedup == Approx(2 * 35 / 20.0));
  CHECK(rows[1].imbalance == Approx(20 / 16.0));
  CHECK(report::measured_scaling({four, two}, true)[1].efficiency == Approx(35 / 20.0));

  ScalingRun other = two;
  other.command = "screen";
  CHECK_THROWS_WITH(report::measured_scaling({two, other}, false), Contains("train") && Contains("screen"));
  CHECK_THROWS_AS(report::measured_scaling({}, false), Error);
}

TEST_CASE("A run is read from its record and its item times, also from a moved folder") {
  const auto folder = test::scratch("scaling");
  write_run(folder, "ok", "/not/there/items.csv");
  const auto run = report::read_scaling_run(folder / "run.json");
  CHECK(run.command == "order");
  CHECK(run.ranks == 2);
  CHECK(run.rounds == std::vector<std::vector<double>>{{2, 1}, {1}, {1}});
  CHECK(run.busy == std::vector<double>{3, 2});
  CHECK(run.other() == Approx(2));
  CHECK(run.phases.at("load") == 0.5);

  std::ostringstream out;
  const auto rows = report::measured_scaling({run}, false);
  report::print_scaling(out, rows);
  CHECK(out.str().find("measured") != std::string::npos);
  report::write_scaling(folder / "out", {run}, rows);
  CHECK(std::filesystem::file_size(folder / "out" / "scaling.csv") > 0);
  CHECK(report::scaling_document({run}, rows).at("runs").at(0).at("items") == 4);

  write_run(folder, "failed", "items.csv");
  CHECK_THROWS_WITH(report::read_scaling_run(folder / "run.json"), Contains("did not finish"));
  write_run(folder, "ok", "");
  CHECK_THROWS_WITH(report::read_scaling_run(folder / "run.json"), Contains("--item-times"));
  write_run(folder, "ok", "items.csv");
  std::ofstream(folder / "items.csv") << "queue,round,item,seconds,rank\n0,0,0,1,7\n";
  CHECK_THROWS_WITH(report::read_scaling_run(folder / "run.json"), Contains("rank 7"));
}
