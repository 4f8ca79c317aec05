// SPDX-License-Identifier: BSD-3-Clause
// What this process did when, as events of a trace that Perfetto and Chrome show.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ionsift {

/// Events are recorded from now on, and times count from here. 100 bytes an event; of more than `most` the
/// later ones are counted and left out.
void start_trace(std::uint64_t most = 200'000);
bool trace_enabled();
/// Something that took so many seconds and ends now. Does nothing unless events are recorded.
/// @param category "phase" or "item"
void add_trace_event(std::string_view name, std::string_view category, double seconds);

struct TraceEvents {
  std::string json;          ///< events of the Chrome trace format, each followed by ",\n"
  std::uint64_t left_out = 0; ///< events beyond the limit
};
/// The events so far. @param process number and name that the trace shows for this process
TraceEvents trace_events(int process, std::string_view name);

} // namespace ionsift
