// SPDX-License-Identifier: BSD-3-Clause
// Wall-clock timers and the time a run spent in each of its phases.
#pragma once

#include <chrono>
#include <map>
#include <string>

namespace ionsift {

class Stopwatch {
public:
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }
  void restart() { start_ = Clock::now(); }

private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

/// Seconds accumulated by phase name.
class PhaseTimes {
public:
  /// Also an event of the trace (trace.hpp) that ends now.
  void add(const std::string& phase, double seconds);
  const std::map<std::string, double>& all() const { return seconds_; }

private:
  std::map<std::string, double> seconds_;
};

/// Adds the time between construction and destruction to one phase.
class ScopedPhase {
public:
  ScopedPhase(PhaseTimes& times, std::string phase) : times_(times), phase_(std::move(phase)) {}
  ~ScopedPhase() { times_.add(phase_, watch_.seconds()); }
  ScopedPhase(const ScopedPhase&) = delete;
  ScopedPhase& operator=(const ScopedPhase&) = delete;

private:
  PhaseTimes& times_;
  std::string phase_;
  Stopwatch watch_;
};

} // namespace ionsift
