// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"
#include "ionsift/report/ranking.hpp"
#include "ionsift/screen/prediction_file.hpp"
#include "ionsift/store/write/writer.hpp"

#include "small_store.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <set>

using Catch::Matchers::Contains;
using namespace ionsift;
using screen::Candidate;
using screen::filter_named;

namespace {

constexpr std::uint64_t rows = 5000; // more than are read at once

Candidate row_at(std::uint64_t i) {
  Candidate row;
  row.index = i;
  row.id = fmt::format("mp-{}", i % 4000); // some twice
  row.formula = i % 3 == 0 ? "Li6PS5Cl" : "Na3PS4";
  row.source = fmt::format("dump \"{}\".json,#{}", i % 7, i); // needs quotes
  row.sha256 = sha256(row.id);
  row.probability = i % 11 == 0 ? Candidate::unknown : static_cast<double>((i * 37) % 101) / 101;
  row.sd = 0.1;
  row.d_training = 0.2;
  row.nearest_composition = "t1";
  row.next_compositions[0] = {"t2", 1.5};
  if (i % 11 == 0) {
    row.dropped_by = filter_named("features");
  } else if (i % 3 != 0) {
    row.dropped_by = filter_named("no_lithium");
  }
  return row;
}

screen::MeasuredCompounds measured() {
  return {{"t1", {"Li7PS6", 1e-3, false, true, "10.1/a"}}, {"t2", {"Li2S", 1e-9, false, false, ""}}};
}

/// predictions.h5, and a store with two inputs that could not be read; collective.
report::RankingOptions prepare(const std::filesystem::path& folder, std::uint64_t count) {
  const auto& comm = test::world();
  report::RankingOptions options;
  options.predictions = folder / "predictions.h5";
  options.store = folder / "store.h5";
  options.scale.usual_distance = 0.5;
  {
    store::TableWriter table(comm, options.predictions, screen::columns_of({}));
    screen::write_attributes(table, "", "");
    const auto mine = parallel::slice_of(count, comm.rank(), comm.size());
    std::vector<Candidate> some;
    std::vector<std::uint64_t> indices;
    for (auto i = mine.first; i < mine.last; ++i) {
      some.push_back(row_at(i));
      indices.push_back(i);
    }
    table.append(count, indices, screen::columns_of(some));
    table.close();
  }
  parallel::on_root(comm, [&] { store::publish_table(options.predictions); });
  store::Writer writer(comm, options.store, test::small_provenance(), true);
  std::vector<store::FailureRecord> failures;
  if (comm.is_root()) {
    failures.push_back({0, {"in/bad.cif", "", ErrorCode::data, "no atoms (an empty loop) Remove it.", 3}});
    failures.push_back(
        {1, {"in/worse.cif", "block2", ErrorCode::format, "not a CIF (torn) Copy it again.", 0}});
  }
  writer.append({}, std::move(failures));
  writer.close();
  return options;
}

} // namespace

TEST_CASE("every structure is in the ranking once, by falling P_SI, with its status") {
  const auto folder = test::scratch("ranking");
  auto options = prepare(folder, rows);
  options.comments = 5;
  const auto counts = report::write_ranking(test::world(), folder / "ranking.csv", measured(), options);
  if (!test::world().is_root()) {
    return;
  }
  const auto table = CsvTable::read(folder / "ranking.csv");
  CHECK(table.header() == std::vector<std::string>{"rank", "id", "formula", "P_SI", "SD", "status",
                                                   "nearest_measured_1", "nearest_measured_2",
                                                   "nearest_measured_3", "comment", "source"});
  REQUIRE(table.size() == rows + 2);
  const auto cell = [&](std::size_t row, const char* column) {
    return table.cell(row, table.column(column));
  };
  std::set<std::string> sources;
  std::size_t unknown = 0, comments = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    CHECK(sources.insert(cell(i, "source")).second);
    comments += cell(i, "comment").empty() ? 0 : 1;
    if (cell(i, "P_SI").empty()) {
      ++unknown;
      CHECK(cell(i, "rank").empty());
      CHECK(cell(i, "status") == "not judged: no features that the ensemble needs");
    } else {
      CHECK(unknown == 0); // they come last
      CHECK(cell(i, "rank") == std::to_string(i + 1));
      CHECK((cell(i, "status") == "candidate") == (cell(i, "formula") == "Li6PS5Cl"));
      CHECK((i == 0 || std::stod(cell(i - 1, "P_SI")) >= std::stod(cell(i, "P_SI"))));
    }
  }
  CHECK(unknown == (rows + 10) / 11);
  CHECK(comments == 5);
  CHECK(cell(0, "nearest_measured_1") == "Li7PS6: 1.0e-03 S/cm (10.1/a)");
  CHECK(cell(0, "nearest_measured_2") == "Li2S: 1.0e-09 S/cm");
  CHECK(cell(0, "nearest_measured_3").empty());
  CHECK(cell(rows, "status") == "failed to read: no atoms (an empty loop) Remove it.");
  CHECK(cell(rows, "id") == "bad");
  CHECK(cell(rows + 1, "id") == "block2");
  CHECK(cell(rows + 1, "source") == "in/worse.cif");
  std::uint64_t sum = 0;
  for (const auto& [status, count] : counts) {
    sum += count;
  }
  CHECK(sum == rows + 2);
  CHECK(counts.at("not judged") == unknown);
  CHECK(counts.at("failed to read") == 2);
  CHECK(counts.at("candidate") + counts.at("no lithium") == rows - unknown);
  CHECK_FALSE(std::filesystem::exists(folder / "ranking.csv.partial.d"));
}

TEST_CASE("any number of ranks and pieces writes the same bytes") {
  const auto folder = test::scratch("ranking-ranks");
  auto options = prepare(folder, rows);
  std::string first;
  for (const std::uint64_t in_memory : {100000U, 977U, 64U}) {
    options.rows_in_memory = in_memory;
    report::write_ranking(test::world(), folder / "together.csv", measured(), options);
    parallel::on_root(test::world(), [&] {
      report::write_ranking(parallel::Communicator::local(), folder / "alone.csv", measured(), options);
      const auto together = read_file(folder / "together.csv");
      first = first.empty() ? together : first;
      CHECK(together == first);
      CHECK(read_file(folder / "alone.csv") == first);
    });
  }
}

TEST_CASE("a ranking without structures has a header and the inputs that could not be read") {
  const auto folder = test::scratch("ranking-nothing");
  const auto options = prepare(folder, 0);
  report::write_ranking(test::world(), folder / "ranking.csv", {}, options);
  parallel::on_root(test::world(), [&] { CHECK(CsvTable::read(folder / "ranking.csv").size() == 2); });
}
