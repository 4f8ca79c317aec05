// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/errands.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/timer.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <limits>
#include <numeric>
#include <thread>

using ionsift::parallel::Reduction;
using ionsift::parallel::WorkQueue;
using ionsift::test::world;

namespace {

/// All items that this rank gets; each is simulated to take this long.
std::vector<std::uint64_t> drain(WorkQueue& queue, std::chrono::microseconds each = {}) {
  std::vector<std::uint64_t> mine;
  while (const auto item = queue.next()) {
    mine.push_back(*item);
    std::this_thread::sleep_for(each);
  }
  return mine;
}

void check_each_once(const std::vector<std::uint64_t>& mine, std::size_t n) {
  auto all = world().all_gather(std::span<const std::uint64_t>(mine));
  std::sort(all.begin(), all.end());
  std::vector<std::uint64_t> expected(n);
  std::iota(expected.begin(), expected.end(), std::uint64_t(0));
  CHECK(all == expected);
}

} // namespace

TEST_CASE("each item goes to exactly one rank") {
  WorkQueue queue(world());
  CHECK_FALSE(queue.next().has_value());
  // More and fewer items than ranks, none, and again, all with one queue.
  for (const std::size_t n :
       {std::size_t(1000), std::size_t(1), std::size_t(0), std::size_t(5), std::size_t(64)}) {
    std::vector<double> costs(n);
    for (std::size_t i = 0; i < n; ++i) {
      costs[i] = static_cast<double>(1 + i * 37 % 11);
    }
    queue.refill(costs);
    check_each_once(drain(queue), n);
    CHECK_FALSE(queue.next().has_value());
  }
}

TEST_CASE("items without cost are handed out too") {
  WorkQueue queue(world());
  queue.refill(std::vector<double>(300, 0.0));
  check_each_once(drain(queue), 300);
}

TEST_CASE("a slow rank gets fewer items") {
  WorkQueue queue(world());
  queue.refill(std::vector<double>(400, 1.0));
  const bool slow = world().rank() > 0 && world().rank() == world().size() - 1;
  world().barrier();
  const auto mine = drain(queue, std::chrono::microseconds(slow ? 20000 : 200));
  check_each_once(mine, 400);
  if (slow) {
    // An equal share would take this rank 100 times as long as the others.
    CHECK(mine.size() < 400 / static_cast<std::size_t>(world().size()));
  }
}

TEST_CASE("a rank that computes does not hold up the others") {
  const auto sign = ionsift::test::scratch("work_queue") / "all done";
  WorkQueue queue(world());
  queue.refill(std::vector<double>(40, 1.0));
  // Rank 0, which hands out items, computes and requests none until a file shows that all are done.
  const bool away = world().is_root() && world().size() > 1;
  std::vector<std::uint64_t> mine;
  if (!away) {
    mine = drain(queue);
    std::ofstream(sign).put('.');
  } else {
    const ionsift::Stopwatch watch;
    while (!std::filesystem::exists(sign) && watch.seconds() < 30) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      ionsift::run_errands();
    }
    CHECK(std::filesystem::exists(sign));
    mine = drain(queue);
    CHECK(mine.empty());
  }
  check_each_once(mine, 40);
}

TEST_CASE("a refill drops the remaining items") {
  WorkQueue queue(world());
  queue.refill(std::vector<double>(100, 1.0));
  queue.next();
  queue.refill(std::vector<double>(10, 1.0));
  check_each_once(drain(queue), 10);
}

TEST_CASE("invalid costs are refused on all ranks") {
  const auto bad =
      GENERATE(-1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity());
  WorkQueue queue(world());
  CHECK_THROWS_WITH(queue.refill({1.0, bad}), Catch::Contains("item 1 has the cost"));
  queue.refill({1.0, 2.0});
  check_each_once(drain(queue), 2);
}

TEST_CASE("costs that differ between ranks are refused on all ranks") {
  WorkQueue queue(world());
  const std::vector<double> costs = {1.0, world().rank() == 1 ? 3.0 : 2.0};
  if (world().size() == 1) {
    CHECK_NOTHROW(queue.refill(costs));
  } else {
    CHECK_THROWS_WITH(queue.refill(costs), Catch::Contains("do not agree on the costs"));
  }
}
