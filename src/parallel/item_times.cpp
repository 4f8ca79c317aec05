// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/parallel/item_times.hpp"

#include "ionsift/base/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <tuple>

namespace ionsift::parallel {

namespace {

// One process has one run: like the log level, this is set once, at its start.
bool recorded = false;

std::vector<ItemTime>& times() {
  static std::vector<ItemTime> all;
  return all;
}

} // namespace

void record_item_times() {
  recorded = true;
}
bool item_times_recorded() {
  return recorded || trace_enabled();
}
std::uint64_t next_queue_number() {
  static std::uint64_t made = 0;
  return made++;
}
void add_item_time(const ItemTime& time) {
  if (trace_enabled()) {
    add_trace_event(fmt::format("queue {} item {}", time.queue, time.item), "item", time.seconds);
  }
  if (recorded) {
    times().push_back(time);
  }
}

std::vector<ItemTime> gather_item_times(const Communicator& comm) {
  auto all = comm.gather(std::span<const ItemTime>(times()));
  std::sort(all.begin(), all.end(), [](const ItemTime& a, const ItemTime& b) {
    return std::tie(a.queue, a.round, a.item) < std::tie(b.queue, b.round, b.item);
  });
  return all;
}

} // namespace ionsift::parallel
