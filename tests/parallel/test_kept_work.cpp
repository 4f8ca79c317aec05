// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/file.hpp"
#include "ionsift/parallel/kept_work.hpp"
#include "ionsift/parallel/together.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <numeric>

using namespace ionsift;
using namespace ionsift::parallel;

namespace {

constexpr std::uint64_t items = 40;

std::vector<double> costs() {
  std::vector<double> result(items);
  std::iota(result.begin(), result.end(), 1.0);
  return result;
}

JobFolder folder_of(const std::string& name) {
  return {test::scratch(name) / "partial.d", "a job", "input"};
}

std::string result_of(std::uint64_t item) {
  return item % 3 == 0 ? "null" : std::to_string(item * item);
}

/// A signal ends the run once one of the ranks has computed this many items.
KeptWork run_until(const JobFolder& place, std::uint64_t most, bool discard = false) {
  std::uint64_t done = 0;
  return work_through(test::world(), costs(), place, discard, [&](std::uint64_t item, Interruption&) {
    if (++done == most) {
      std::raise(SIGTERM);
    }
    return result_of(item);
  });
}

void check_whole(const KeptWork& work) {
  CHECK_FALSE(work.interrupted());
  CHECK(work.known + work.cost.items == items);
  if (!test::world().is_root()) {
    CHECK(work.results.empty());
    return;
  }
  for (std::uint64_t item = 0; item < items; ++item) {
    CHECK(work.results.contains(item) == (item % 3 != 0));
    if (item % 3 != 0) {
      CHECK(work.results.at(item) == result_of(item));
    }
  }
}

} // namespace

TEST_CASE("Uninterrupted work starts without saved items") {
  const auto place = folder_of("whole");
  const auto work = run_until(place, items + 1);
  check_whole(work);
  CHECK(work.known == 0);
}

TEST_CASE("Work that is interrupted repeatedly computes every item once") {
  const auto place = folder_of("ended");
  std::uint64_t computed = 0;
  int runs = 0;
  while (true) {
    const auto work = run_until(place, 2);
    CHECK(work.known == computed); // nothing is lost or computed twice
    computed += work.cost.items;
    REQUIRE(++runs <= 40);
    if (!work.interrupted()) {
      check_whole(work);
      break;
    }
    CHECK(work.results.size() <= items);
  }
  CHECK(computed == items);
  CHECK(runs > 1);
  on_root(test::world(), [&] { forget(place); });
  test::world().barrier();
  CHECK_FALSE(std::filesystem::exists(place.folder));
}

TEST_CASE("An item that is interrupted is left to the next run") {
  const auto place = folder_of("midst");
  const auto work =
      work_through(test::world(), costs(), place, false,
                   [&](std::uint64_t, Interruption& interruption) -> std::optional<std::string> {
                     std::raise(SIGTERM);
                     CHECK(interruption.ending());
                     return std::nullopt;
                   });
  CHECK(work.interrupted());
  CHECK(work.cost.items == 0);
  check_whole(run_until(place, items + 1));
  on_root(test::world(), [&] { forget(place); });
}

TEST_CASE("The saved work of another job is dropped, and discarded on request") {
  const auto place = folder_of("other");
  CHECK(run_until(place, 1).interrupted());
  auto other = place;
  other.input = "another";
  const auto work = run_until(other, items + 1);
  CHECK(work.known == 0);
  check_whole(work);

  CHECK(run_until(place, 1).interrupted());
  CHECK(run_until(place, items + 1, true).known == 0);
  on_root(test::world(), [&] { forget(place); });
}
