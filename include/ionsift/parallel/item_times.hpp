// SPDX-License-Identifier: BSD-3-Clause
// Durations of the items of a WorkQueue, for scaling studies (ionsift scaling).
#pragma once

#include "ionsift/parallel/communicator.hpp"

#include <cstdint>
#include <vector>

namespace ionsift::parallel {

struct ItemTime {
  std::uint64_t queue = 0; ///< queues are numbered as they are made, the same on all ranks
  std::uint64_t round = 0; ///< refills of that queue, from 0
  std::uint64_t item = 0;  ///< item of that round
  double seconds = 0;      ///< from its assignment until its rank requested the next one
  std::int64_t rank = 0;
};

/// Makes all WorkQueues of this process record the times of their items from now on: 40 bytes an item.
void record_item_times();
/// Or wanted for a trace.
bool item_times_recorded();
/// The number of the next queue; all ranks call it in the same order.
std::uint64_t next_queue_number();
/// Does nothing unless times are recorded. For WorkQueue, and for work that is distributed in another way.
void add_item_time(const ItemTime& time);

/// All times of all ranks so far, by queue, round and item, on rank 0; empty elsewhere. Collective.
std::vector<ItemTime> gather_item_times(const Communicator& comm);

} // namespace ionsift::parallel
