// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/parallel/work_queue.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/base/errands.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/parallel/item_times.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <functional>
#include <numeric>
#include <queue>

namespace ionsift::parallel {
namespace {

void require_ranks(int ranks) {
  IONSIFT_VALIDATE(ranks >= 1, usage, fmt::format("work cannot be divided among {} ranks", ranks),
                   "at least one has to do it", "Ask for a positive number of ranks.");
}

void require_costs(const std::vector<double>& costs) {
  const auto bad =
      std::find_if(costs.begin(), costs.end(), [](double cost) { return !std::isfinite(cost) || cost < 0; });
  IONSIFT_VALIDATE(bad == costs.end(), numeric,
                   fmt::format("item {} has the cost {}", bad - costs.begin(), bad == costs.end() ? 0 : *bad),
                   "costs are seconds or anything in proportion, finite and not negative",
                   "Give items of unknown cost the same positive number.");
}

/// Any change of any cost gives another number (FNV-1a over the bit patterns).
std::uint64_t fingerprint(const std::vector<double>& costs) {
  std::uint64_t hash = 0xcbf29ce484222325ULL ^ costs.size();
  for (const double cost : costs) {
    hash = (hash ^ std::bit_cast<std::uint64_t>(cost)) * 0x100000001b3ULL;
  }
  return hash;
}

} // namespace

Tickets::Tickets(const std::vector<double>& costs, int ranks) : order_(costs.size()), first_{0} {
  require_ranks(ranks);
  require_costs(costs);
  std::iota(order_.begin(), order_.end(), std::uint64_t(0));
  std::stable_sort(order_.begin(), order_.end(),
                   [&](std::uint64_t a, std::uint64_t b) { return costs[a] > costs[b]; });

  const std::size_t parts = 2 * static_cast<std::size_t>(ranks);
  double remaining = std::accumulate(costs.begin(), costs.end(), 0.0);
  for (std::size_t begin = 0; begin < order_.size();) {
    const double share = remaining / static_cast<double>(parts);
    // Costs in descending order reach their share before this many items, unless they are all zero.
    const std::size_t most = std::max<std::size_t>(1, (order_.size() - begin) / parts);
    double held = costs[order_[begin]];
    std::size_t end = begin + 1;
    while (end < begin + most && held + costs[order_[end]] <= share) {
      held += costs[order_[end++]];
    }
    first_.push_back(end);
    remaining = std::max(0.0, remaining - held);
    begin = end;
  }
}

std::vector<std::uint64_t> Tickets::items(std::size_t ticket) const {
  IONSIFT_ASSERT(ticket < size(), fmt::format("there is no ticket {} among {}", ticket, size()));
  const auto at = [&](std::size_t i) { return order_.begin() + static_cast<std::ptrdiff_t>(first_[i]); };
  return {at(ticket), at(ticket + 1)};
}

WorkQueue::WorkQueue(const Communicator& comm)
    : comm_(comm), counter_(comm.make_counter()), tickets_({}, comm.size()), number_(next_queue_number()) {
}

void WorkQueue::refill(const std::vector<double>& costs) {
  const std::uint64_t mine = fingerprint(costs);
  std::array<std::uint64_t, 2> extremes = {mine, ~mine};
  comm_.all_reduce(std::span<std::uint64_t>(extremes), Reduction::max);
  IONSIFT_ASSERT(
      extremes[0] == ~extremes[1],
      "the ranks do not agree on the costs of the items and would hand out different ones under one number");
  tickets_ = Tickets(costs, comm_.size());
  held_.clear();
  timed_.reset();
  asked_ = false;
  ++rounds_;
  counter_->reset();
}

void WorkQueue::end_timed() {
  if (timed_) {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - timed_->since;
    add_item_time({number_, rounds_ - 1, timed_->item, passed.count(), comm_.rank()});
    timed_.reset();
  }
}

bool WorkQueue::take_ticket() {
  if (!asked_) {
    counter_->ask(1);
  }
  asked_ = false;
  ticket_ = static_cast<std::size_t>(counter_->wait());
  if (ticket_ >= tickets_.size()) {
    return false;
  }
  held_ = tickets_.items(ticket_);
  std::reverse(held_.begin(), held_.end());
  return true;
}

/// The next ticket is requested with the last item of the current one, so that its number is available in
/// time. Not for the last tickets: one held by a busy rank is not available to a free one.
void WorkQueue::ask_ahead() {
  const auto behind = tickets_.size() - 1 - ticket_;
  if (held_.empty() && behind > 2 * static_cast<std::size_t>(comm_.size())) {
    counter_->ask(1);
    asked_ = true;
  }
}

std::optional<std::uint64_t> WorkQueue::next() {
  end_timed();
  run_errands();
  if (held_.empty() && !take_ticket()) {
    return std::nullopt;
  }
  const std::uint64_t item = held_.back();
  held_.pop_back();
  ask_ahead();
  if (item_times_recorded()) {
    timed_ = Timed{item, std::chrono::steady_clock::now()};
  }
  return item;
}

ScheduleForecast forecast_schedule(const std::vector<double>& seconds, int ranks, double ticket_seconds) {
  const Tickets tickets(seconds, ranks);
  IONSIFT_VALIDATE(std::isfinite(ticket_seconds) && ticket_seconds >= 0, numeric,
                   fmt::format("a ticket takes {} seconds", ticket_seconds),
                   "it takes a finite time, or none",
                   "Give the seconds that one access to the counter takes.");
  // When each rank is free, the earliest on top.
  std::priority_queue<double, std::vector<double>, std::greater<>> free(
      std::greater<>{}, std::vector<double>(static_cast<std::size_t>(ranks), 0.0));
  ScheduleForecast forecast;
  for (std::size_t t = 0; t < tickets.size(); ++t) {
    double until = free.top() + ticket_seconds;
    for (const std::uint64_t item : tickets.items(t)) {
      until += seconds[item];
    }
    free.pop();
    free.push(until);
    forecast.makespan = std::max(forecast.makespan, until);
  }
  forecast.mean = std::accumulate(seconds.begin(), seconds.end(), 0.0) / ranks;
  forecast.efficiency = forecast.makespan > 0 ? forecast.mean / forecast.makespan : 1.0;
  return forecast;
}

Slice slice_of(std::uint64_t n, int rank, int size) {
  IONSIFT_ASSERT(size >= 1 && rank >= 0 && rank < size, fmt::format("there is no part {} of {}", rank, size));
  const auto parts = static_cast<std::uint64_t>(size);
  const auto part = static_cast<std::uint64_t>(rank);
  const std::uint64_t first = part * (n / parts) + std::min(part, n % parts);
  return {first, first + n / parts + (part < n % parts ? 1 : 0)};
}

int owner_of(std::uint64_t item, std::uint64_t n, int size) {
  IONSIFT_ASSERT(size >= 1 && item < n,
                 fmt::format("item {} of {} belongs to none of {} ranks", item, n, size));
  const auto parts = static_cast<std::uint64_t>(size);
  const std::uint64_t shorter = n / parts;
  const std::uint64_t in_longer = (n % parts) * (shorter + 1);
  if (item < in_longer) {
    return static_cast<int>(item / (shorter + 1));
  }
  return static_cast<int>(n % parts + (item - in_longer) / shorter);
}

} // namespace ionsift::parallel
