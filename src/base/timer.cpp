// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/timer.hpp"

#include "ionsift/base/trace.hpp"

namespace ionsift {

void PhaseTimes::add(const std::string& phase, double seconds) {
  seconds_[phase] += seconds;
  add_trace_event(phase, "phase", seconds);
}

} // namespace ionsift
