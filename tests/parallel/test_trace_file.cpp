// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/timer.hpp"
#include "ionsift/base/trace.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/trace_file.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <fstream>
#include <set>
#include <thread>

using namespace ionsift;
using namespace ionsift::parallel;

TEST_CASE("a trace has the phases of every rank, and each item once") {
  const auto comm = test::world();
  const auto folder = test::scratch("trace");
  constexpr std::size_t items = 20;
  start_trace_together(comm);
  PhaseTimes phases;
  {
    const ScopedPhase phase(phases, "a \"quoted\" phase");
    WorkQueue queue(comm);
    queue.refill(std::vector<double>(items, 1.0));
    while (queue.next()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  write_trace(comm, folder / "trace.json");
  std::ifstream in(folder / "trace.json");
  const auto document = nlohmann::json::parse(in);
  std::set<std::string> done, names;
  std::set<int> processes;
  double latest = 0;
  for (const auto& event : document.at("traceEvents")) {
    if (event.at("ph") == "M") {
      if (event.at("name") == "process_name") {
        names.insert(event.at("args").at("name"));
      }
      continue;
    }
    CHECK(event.at("ph") == "X");
    CHECK(event.at("ts").get<double>() >= -1);
    latest = std::max(latest, event.at("ts").get<double>() + event.at("dur").get<double>());
    if (event.at("cat") == "item") {
      CHECK(event.at("dur").get<double>() >= 2000); // microseconds
      CHECK(done.insert(event.at("name")).second);
    } else {
      CHECK(event.at("name") == "a \"quoted\" phase");
      processes.insert(event.at("pid").get<int>());
    }
  }
  CHECK(done.size() == items);
  CHECK(processes.size() == static_cast<std::size_t>(comm.size()));
  CHECK(names.size() == static_cast<std::size_t>(comm.size()));
  CHECK(latest >= 2000.0 * items / comm.size());
  CHECK(latest < 60e6);
  comm.barrier(); // before the next test case writes there
}

TEST_CASE("events beyond the limit are counted, and a missing folder is an error on every rank") {
  start_trace(3);
  for (int i = 0; i < 5; ++i) {
    add_trace_event("phase", "phase", 0);
  }
  const auto events = trace_events(0, "rank 0");
  CHECK(events.left_out == 2);
  CHECK(std::count(events.json.begin(), events.json.end(), '\n') == 5); // two lines name the process
  CHECK_THROWS_AS(write_trace(test::world(), test::scratch("missing") / "no" / "trace.json"), Error);
}
