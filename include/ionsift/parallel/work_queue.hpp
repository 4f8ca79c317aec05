// SPDX-License-Identifier: BSD-3-Clause
// Dynamic distribution of items of unequal cost without a master rank.
#pragma once

#include "ionsift/parallel/communicator.hpp"
#include "ionsift/parallel/counter.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace ionsift::parallel {

/// Items grouped into tickets, dearest first. A ticket holds about 1 / (2 x ranks) of the cost that
/// remains (guided self-scheduling), so tickets shrink to single items towards the end. Items without cost
/// are divided by number in the same way. The same on all ranks, which need only agree on the next ticket's
/// number.
class Tickets {
public:
  /// @throws Error numeric for costs that are negative or not finite, usage for less than one rank
  Tickets(const std::vector<double>& costs, int ranks);
  std::size_t size() const { return first_.size() - 1; }
  /// Items of a ticket, dearest first.
  std::vector<std::uint64_t> items(std::size_t ticket) const;

private:
  std::vector<std::uint64_t> order_;
  std::vector<std::size_t> first_;
};

/// Gives each item to exactly one rank, the next one to the first rank that requests it.
class WorkQueue {
public:
  /// Collective. Reusable through `refill`.
  explicit WorkQueue(const Communicator& comm);

  /// Restarts with items 0 .. costs.size() - 1; collective; the costs are the same on all ranks. Items
  /// left from the previous round are dropped.
  /// @throws Error on all ranks: internal when their costs differ, numeric as for Tickets
  void refill(const std::vector<double>& costs);
  /// The next item for this rank, or nothing when none is left. Not collective.
  std::optional<std::uint64_t> next();

private:
  Communicator comm_;
  std::unique_ptr<Counter> counter_;
  Tickets tickets_;
  std::size_t ticket_ = 0;          ///< current ticket
  std::vector<std::uint64_t> held_; ///< remaining items of the ticket, last first
  bool asked_ = false;              ///< whether the next ticket was requested
  /// The item that was handed out last, where times are recorded (item_times.hpp).
  struct Timed {
    std::uint64_t item;
    std::chrono::steady_clock::time_point since;
  };
  std::optional<Timed> timed_;
  std::uint64_t number_, rounds_ = 0;
  void end_timed();
  bool take_ticket();
  void ask_ahead();
};

/// The predicted schedule for known costs, for scaling curves without the machine.
struct ScheduleForecast {
  double makespan = 0;   ///< seconds until the last rank is done
  double mean = 0;       ///< mean seconds of items a rank, without those of tickets
  double efficiency = 0; ///< mean / makespan
};

/// Replays WorkQueue's tickets on `ranks` simulated ranks, each costing its items' seconds plus
/// `ticket_seconds` for the counter. O(tickets x log ranks). Without items the efficiency is 1.
ScheduleForecast forecast_schedule(const std::vector<double>& seconds, int ranks, double ticket_seconds = 0);

/// The contiguous part of `n` items that belongs to a rank: [first, last). Parts differ by at most one.
struct Slice {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t size() const { return last - first; }
};
Slice slice_of(std::uint64_t n, int rank, int size);
/// The rank whose slice holds an item.
int owner_of(std::uint64_t item, std::uint64_t n, int size);

} // namespace ionsift::parallel
