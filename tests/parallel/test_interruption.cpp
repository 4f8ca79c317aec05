// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/parallel/interruption.hpp"
#include "ionsift/parallel/work_cost.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <thread>

using namespace ionsift;
using namespace ionsift::parallel;

TEST_CASE("All ranks learn that one was asked to end") {
  Interruption interruption(test::world());
  CHECK_FALSE(interruption.ending());
  test::world().barrier();
  if (test::world().rank() == test::world().size() - 1) {
    std::raise(SIGTERM);
    CHECK(interruption.ending());
  }
  bool heard = false;
  for (int i = 0; i < 3000 && !heard; ++i) { // the limit only ends a test that would hang
    heard = interruption.ending();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  CHECK(heard);
  CHECK(interruption.ending());
}

TEST_CASE("SIGUSR1 concerns only the rank that receives it, and counts once") {
  Interruption interruption(test::world());
  CHECK_FALSE(interruption.keeping());
  if (test::world().is_root()) {
    std::raise(SIGUSR1);
  }
  CHECK(interruption.keeping() == test::world().is_root());
  CHECK_FALSE(interruption.keeping());
  CHECK_FALSE(interruption.ending());
}

TEST_CASE("The reserve leaves time for one more piece as long as the longest") {
  CHECK(seconds_in_reserve(3600, 0) == Approx(36));
  CHECK(seconds_in_reserve(3600, 100) == Approx(136));
  CHECK(seconds_in_reserve(36000, 0) ==
        Approx(60)); // the work behind the last piece does not grow with the total
  CHECK(seconds_in_reserve(10, 0) == Approx(1));
  CHECK(seconds_in_reserve(10, 60) == Approx(5)); // pieces that cannot fit
}

TEST_CASE("The cost of the work is the same on every rank") {
  const auto rank = static_cast<std::uint64_t>(test::world().rank());
  const auto ranks = static_cast<std::uint64_t>(test::world().size());
  const auto cost =
      sum_up(test::world(), 2.0 + static_cast<double>(rank), rank + 1, static_cast<double>(rank + 1));
  CHECK(cost.ranks == test::world().size());
  CHECK(cost.items == ranks * (ranks + 1) / 2);
  CHECK(cost.seconds == Approx(1.0 + static_cast<double>(ranks)));
  CHECK(cost.busiest == Approx(static_cast<double>(ranks)));
  CHECK(cost.imbalance() == Approx(2.0 * static_cast<double>(ranks) / static_cast<double>(ranks + 1)));
  CHECK(cost.rate() == Approx(static_cast<double>(cost.items) / cost.seconds));
  CHECK(sum_up(test::world(), 0, 0, 0).imbalance() == 1);
  CHECK(sum_up(test::world(), 0, 0, 0).rate() == 0);
}
