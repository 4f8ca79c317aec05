// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

using ionsift::parallel::forecast_schedule;
using ionsift::parallel::Tickets;

namespace {

/// Seconds that structures typically take: a median of 50 ms and a long tail.
std::vector<double> realistic_seconds(std::size_t n) {
  ionsift::RandomStream random(2);
  std::vector<double> seconds(n);
  for (auto& s : seconds) {
    s = 0.05 * std::exp(1.0 * random.normal());
  }
  return seconds;
}

/// The same simulation without a heap.
double makespan_by_search(const std::vector<double>& seconds, int ranks, double ticket_seconds) {
  const Tickets tickets(seconds, ranks);
  std::vector<double> busy_until(static_cast<std::size_t>(ranks), 0.0);
  for (std::size_t t = 0; t < tickets.size(); ++t) {
    auto& rank = *std::min_element(busy_until.begin(), busy_until.end());
    rank += ticket_seconds;
    for (const auto item : tickets.items(t)) {
      rank += seconds[item];
    }
  }
  return *std::max_element(busy_until.begin(), busy_until.end());
}

} // namespace

TEST_CASE("no schedule beats the bounds, and with many items it is close to them") {
  const int ranks = GENERATE(2, 3, 16, 100, 1000, 10000);
  const auto seconds = realistic_seconds(100000);
  const double total = std::accumulate(seconds.begin(), seconds.end(), 0.0);
  const double longest = *std::max_element(seconds.begin(), seconds.end());
  const auto forecast = forecast_schedule(seconds, ranks, 1e-5);

  CHECK(forecast.mean == Approx(total / ranks));
  CHECK(forecast.makespan >= std::max(total / ranks, longest));
  CHECK(forecast.efficiency == Approx(forecast.mean / forecast.makespan));
  // Expensive items first leave little imbalance at the end: the schedule is within 1 % of the bound.
  CHECK(forecast.makespan <= 1.01 * std::max(total / ranks, longest));
  if (ranks <= 1000) {
    CHECK(forecast.efficiency >= 0.9);
  }
}

TEST_CASE("the forecast equals that of a search for the first free rank") {
  const auto seconds = realistic_seconds(2000);
  for (const int ranks : {1, 2, 5, 64, 3000}) {
    CHECK(forecast_schedule(seconds, ranks, 0.01).makespan ==
          Approx(makespan_by_search(seconds, ranks, 0.01)));
  }
}

TEST_CASE("forecasts that can be worked out by hand") {
  const auto one_rank = forecast_schedule({1, 2, 3}, 1);
  CHECK(one_rank.makespan == Approx(6));
  CHECK(one_rank.efficiency == Approx(1));

  // 5 | 4, then 3 to the rank that did 4, then 3: 5 + 3 and 4 + 3.
  const auto two_ranks = forecast_schedule({3, 4, 3, 5}, 2);
  CHECK(two_ranks.makespan == Approx(8));
  CHECK(two_ranks.mean == Approx(7.5));

  // Tickets cost time but are not work.
  const auto with_tickets = forecast_schedule({3, 4, 3, 5}, 2, 0.5);
  CHECK(with_tickets.makespan == Approx(9));
  CHECK(with_tickets.efficiency == Approx(7.5 / 9));

  const auto idle_ranks = forecast_schedule({2, 1}, 10);
  CHECK(idle_ranks.makespan == Approx(2));
  CHECK(idle_ranks.efficiency == Approx(0.15));
}

TEST_CASE("no items take no time") {
  const auto forecast = forecast_schedule({}, 8);
  CHECK(forecast.makespan == 0);
  CHECK(forecast.mean == 0);
  CHECK(forecast.efficiency == 1);
  CHECK(forecast_schedule({0, 0}, 8).makespan == 0);
}

TEST_CASE("a forecast needs ranks and a finite time for tickets") {
  CHECK_THROWS_AS(forecast_schedule({1}, 0), ionsift::Error);
  CHECK_THROWS_AS(forecast_schedule({1}, 1, -1), ionsift::Error);
  CHECK_THROWS_AS(forecast_schedule({1}, 1, std::nan("")), ionsift::Error);
}
