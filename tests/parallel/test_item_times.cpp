// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/parallel/item_times.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <thread>

using namespace ionsift::parallel;
using ionsift::test::world;

TEST_CASE("The times of all items of all ranks come to rank 0 in order") {
  record_item_times();
  WorkQueue queue(world());
  // More ranks than items in the second round, none in the third.
  const std::vector<std::size_t> rounds = {9, 1, 0};
  for (const auto items : rounds) {
    queue.refill(std::vector<double>(items, 1.0));
    while (queue.next()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  const auto times = gather_item_times(world());
  if (!world().is_root()) {
    CHECK(times.empty());
    return;
  }
  REQUIRE(times.size() == 10);
  for (std::size_t i = 0; i < times.size(); ++i) {
    CHECK(times[i].queue == times.front().queue);
    CHECK(times[i].round == (i < 9 ? 0 : 1));
    CHECK(times[i].item == (i < 9 ? i : 0));
    CHECK(times[i].seconds >= 0.002);
    CHECK(times[i].rank >= 0);
    CHECK(times[i].rank < world().size());
  }
}
