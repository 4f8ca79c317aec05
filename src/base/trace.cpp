// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/trace.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <mutex>
#include <vector>

namespace ionsift {

namespace {

struct Event {
  std::string name;
  std::string_view category;
  double end = 0, seconds = 0;
};

/// One process has one run, and threads may end phases.
struct Recorder {
  std::mutex mutex;
  bool enabled = false;
  std::uint64_t most = 0, left_out = 0;
  std::chrono::steady_clock::time_point start;
  std::vector<Event> events;
};

Recorder& recorder() {
  static Recorder one;
  return one;
}

constexpr double microseconds = 1e6;

} // namespace

void start_trace(std::uint64_t most) {
  auto& trace = recorder();
  const std::lock_guard lock(trace.mutex);
  trace.enabled = true;
  trace.most = most;
  trace.left_out = 0;
  trace.events.clear();
  trace.start = std::chrono::steady_clock::now();
}

bool trace_enabled() {
  return recorder().enabled;
}

void add_trace_event(std::string_view name, std::string_view category, double seconds) {
  auto& trace = recorder();
  if (!trace.enabled) {
    return;
  }
  const std::lock_guard lock(trace.mutex);
  if (trace.events.size() >= trace.most) {
    ++trace.left_out;
    return;
  }
  const std::chrono::duration<double> end = std::chrono::steady_clock::now() - trace.start;
  trace.events.push_back({std::string(name), category == "item" ? "item" : "phase", end.count(), seconds});
}

TraceEvents trace_events(int process, std::string_view name) {
  auto& trace = recorder();
  const std::lock_guard lock(trace.mutex);
  const auto quoted = [](std::string_view text) { return nlohmann::json(text).dump(); };
  TraceEvents result;
  result.left_out = trace.left_out;
  result.json = fmt::format(
      "{{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":{0},\"args\":{{\"name\":{1}}}}},\n"
      "{{\"name\":\"process_sort_index\",\"ph\":\"M\",\"pid\":{0},\"args\":{{\"sort_index\":{0}}}}},\n",
      process, quoted(name));
  for (const auto& event : trace.events) {
    // Phases and the items within them are rows of their own: an item may last beyond its phase.
    result.json += fmt::format("{{\"name\":{},\"cat\":\"{}\",\"ph\":\"X\",\"pid\":{},\"tid\":\"{}s\",\"ts\":{"
                               ":.1f},\"dur\":{:.1f}}},\n",
                               quoted(event.name), event.category, process, event.category,
                               (event.end - event.seconds) * microseconds, event.seconds * microseconds);
  }
  return result;
}

} // namespace ionsift
