// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

using ionsift::parallel::Tickets;

namespace {

std::vector<double> skewed_costs(std::size_t n) {
  ionsift::RandomStream random(11);
  std::vector<double> costs(n);
  for (auto& cost : costs) {
    cost = std::exp(random.normal());
  }
  return costs;
}

} // namespace

TEST_CASE("tickets hold every item once, the most expensive first") {
  const auto costs = skewed_costs(3000);
  const Tickets tickets(costs, GENERATE(1, 2, 16, 5000));
  std::vector<bool> seen(costs.size());
  double last = std::numeric_limits<double>::infinity();
  for (std::size_t t = 0; t < tickets.size(); ++t) {
    REQUIRE_FALSE(tickets.items(t).empty());
    for (const auto item : tickets.items(t)) {
      REQUIRE(costs[item] <= last);
      REQUIRE_FALSE(seen[item]);
      seen[item] = true;
      last = costs[item];
    }
  }
  CHECK(std::find(seen.begin(), seen.end(), false) == seen.end());
}

TEST_CASE("a ticket of several items is as large as its share of the remaining work allows") {
  const auto costs = skewed_costs(3000);
  const int ranks = 4;
  const Tickets tickets(costs, ranks);
  double left = 0;
  for (const double cost : costs) {
    left += cost;
  }
  for (std::size_t t = 0; t + 1 < tickets.size(); ++t) {
    double held = 0;
    for (const auto item : tickets.items(t)) {
      held += costs[item];
    }
    const double share = left / (2 * ranks);
    const double next = costs[tickets.items(t + 1).front()];
    REQUIRE((tickets.items(t).size() == 1 || held <= share * (1 + 1e-9)));
    REQUIRE(held + next > share * (1 - 1e-9));
    left -= held;
  }
  CHECK(tickets.items(tickets.size() - 1).size() == 1);
  // Far fewer accesses to the counter than items.
  CHECK(tickets.size() < 100);
}

TEST_CASE("tickets for known costs") {
  // 16 units, 2 ranks: shares 4, then 3, 2.25, ...
  const Tickets tickets({1, 1, 4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 2);
  CHECK(tickets.items(0) == std::vector<std::uint64_t>{2});
  CHECK(tickets.items(1) == std::vector<std::uint64_t>{0, 1, 3});
  CHECK(tickets.items(2) == std::vector<std::uint64_t>{4, 5});
  CHECK(tickets.items(3) == std::vector<std::uint64_t>{6});
  CHECK(tickets.size() == 10);
  CHECK_THROWS_AS(tickets.items(10), ionsift::Error);
}

TEST_CASE("items without cost are divided by number") {
  const Tickets tickets(std::vector<double>(80, 0.0), 4);
  CHECK(tickets.items(0).size() == 10);
  CHECK(tickets.items(tickets.size() - 1).size() == 1);

  // One expensive item does not put all the free ones into one ticket.
  std::vector<double> costs(80, 0.0);
  costs[7] = 1;
  const Tickets mixed(costs, 4);
  CHECK(mixed.items(0).front() == 7);
  CHECK(mixed.items(0).size() == 1);
  CHECK(mixed.items(1).size() == 9);
}

TEST_CASE("few items are handed out one by one") {
  CHECK(Tickets({}, 3).size() == 0);
  CHECK(Tickets({5}, 3).size() == 1);
  CHECK(Tickets({5, 5, 5}, 1000).size() == 3);
}

TEST_CASE("invalid costs and numbers of ranks are refused") {
  const double bad = GENERATE(-1e-9, std::nan(""), std::numeric_limits<double>::infinity());
  CHECK_THROWS_AS(Tickets({1, bad}, 2), ionsift::Error);
  CHECK_THROWS_AS(Tickets({1}, 0), ionsift::Error);
}
