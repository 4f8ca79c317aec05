// SPDX-License-Identifier: BSD-3-Clause
// Two made-up screenings whose differences are known.
#include "ionsift/base/error.hpp"
#include "ionsift/screen/compare.hpp"
#include "ionsift/screen/prediction_file.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace ionsift;
using namespace ionsift::screen;

namespace {

Candidate row(const std::string& id, double probability, std::optional<Filter> dropped = {}) {
  Candidate result;
  result.id = id;
  result.formula = "Li3" + id;
  result.sha256 = "content of " + id;
  result.probability = probability;
  result.band_gap = 2;
  result.dropped_by = dropped;
  return result;
}

std::filesystem::path write(const std::filesystem::path& path, std::vector<Candidate> rows,
                            const std::string& key) {
  store::TableWriter table(parallel::Communicator::local(), path, columns_of({}));
  write_attributes(table, key, "");
  std::vector<std::uint64_t> indices;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    indices.push_back(i);
  }
  table.append(rows.size(), indices, columns_of(rows));
  table.close();
  store::publish_table(path);
  return path;
}

struct Found {
  Comparison counts;
  std::map<std::string, Difference> by_id;
};

Found compare_files(const std::filesystem::path& before, const std::filesystem::path& after) {
  Found found;
  found.counts = compare(before, after, {0.01}, [&](const Difference& difference) {
    CHECK(found.by_id.emplace(difference.id, difference).second);
  });
  return found;
}

} // namespace

TEST_CASE("every gained or lost candidate has its reason, in any order of the releases") {
  const auto folder = test::scratch("compare");
  std::vector<Candidate> before = {
      row("same", 0.9),    row("gone", 0.8), row("gone-dropped", 0.1, filter_named("probability")),
      row("changed", 0.7), row("gap", 0.6),  row("novel", 0.6, filter_named("novelty")),
      row("wobble", 0.6)};
  std::vector<Candidate> after = {row("new", 0.95), row("new-dropped", 0.2, filter_named("probability"))};
  after.insert(after.end(), before.rbegin(), before.rbegin() + 4);
  after.push_back(row("same", 0.9));
  // wobble, novel, gap, changed, same
  after[2].probability = 0.605; // a change within the tolerance
  after[3].dropped_by.reset();
  after[4].band_gap = Candidate::unknown;
  after[4].dropped_by = filter_named("band_gap_unknown");
  after[5].sha256 = "another";
  after[5].probability = 0.4;
  after[5].dropped_by = filter_named("probability");

  const auto first = write(folder / "before.h5", before, "a");
  const auto found = compare_files(first, write(folder / "after.h5", after, "a"));
  CHECK(found.counts.before == 7);
  CHECK(found.counts.after == 7);
  CHECK(found.counts.both == 5);
  CHECK(found.counts.structures_changed == 1);
  CHECK(found.counts.kept_before == 5);
  CHECK(found.counts.kept_after == 4);
  CHECK(found.counts.kept_both == 2);
  CHECK(found.counts.gained == 2);
  CHECK(found.counts.lost == 3);
  CHECK(found.counts.moved == 1);
  CHECK_FALSE(found.counts.ensemble_changed);
  CHECK(found.by_id.size() == 5);
  CHECK(found.by_id.at("new").why == "new in the release");
  CHECK(found.by_id.at("new").status_before == "absent");
  CHECK(found.by_id.at("novel").change == Change::gained);
  CHECK(found.by_id.at("novel").why == "filters");
  CHECK(found.by_id.at("gap").status_after == "band_gap_unknown");
  CHECK(found.by_id.at("gap").why == "gap");
  CHECK(found.by_id.at("changed").change == Change::lost);
  CHECK(found.by_id.at("changed").why == "structure");
  CHECK(found.by_id.at("gone").why == "gone from the release");
  CHECK(found.by_id.at("gone").formula == "Li3gone");
}

TEST_CASE("unchanged rows move because of another ensemble, and equal files do not differ") {
  const auto folder = test::scratch("compare-ensembles");
  const auto first = write(folder / "a.h5", {row("x", 0.9), row("y", 0.2, filter_named("probability"))}, "a");
  const auto second =
      write(folder / "b.h5", {row("x", 0.8), row("y", 0.1, filter_named("probability"))}, "b");
  const auto found = compare_files(first, second);
  CHECK(found.counts.ensemble_changed);
  CHECK(found.counts.moved == 2);
  CHECK(found.by_id.at("x").why == "ensemble");
  CHECK(compare_files(first, first).by_id.empty());
  CHECK_THROWS_AS(compare_files(write(folder / "c.h5", {row("x", 0.9), row("x", 0.8)}, "a"), first), Error);
}
