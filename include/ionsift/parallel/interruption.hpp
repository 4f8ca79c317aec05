// SPDX-License-Identifier: BSD-3-Clause
// Interruption of running work by the system.
#pragma once

#include "ionsift/base/signal_watch.hpp"
#include "ionsift/base/timer.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/parallel/counter.hpp"

#include <cstdint>
#include <memory>

namespace ionsift::parallel {

/// Interrupts a run on several ranks before its work is done: on SIGTERM or SIGINT, which may reach only one
/// rank, and at its time limit (run_time.hpp). SIGUSR1 makes every rank that it reaches save its state
/// (SLURM's --signal=USR1@120). Ranks poll between pieces of work, finish the current piece, and meet
/// in their next collective. Making one is collective; destroying it is as well, except while an exception
/// propagates.
///
/// A run stops early enough that a piece as long as this rank's longest so far, and the work after the
/// last piece (1 % of the limit, but 1 to 60 seconds), still fit into its time.
class Interruption {
public:
  explicit Interruption(const Communicator& comm);

  /// Whether any rank is to stop, or has no time left: this one knows at once, the others within about
  /// a second. Once true it stays so. Between two calls lies one piece of work. Cheap, not collective.
  bool ending();
  /// Marks the time since the last call as waiting, not as a piece of work. Not collective.
  void rest() { piece_.restart(); }
  /// Whether this rank has received a SIGUSR1 since the last call. Not collective.
  bool keeping();

private:
  bool time_is_up();

  SignalWatch watch_;
  std::unique_ptr<Counter> requests_; ///< number of ranks that are to stop
  Stopwatch since_;                   ///< since the others were last polled
  Stopwatch piece_;                   ///< since the current piece of work began
  double longest_ = 0;                ///< longest piece so far, seconds
  bool ending_ = false, told_ = false, asking_ = false;
  std::uint64_t kept_;
};

/// Seconds before the end of `given` seconds at which work is to stop. @param longest piece of work, seconds
double seconds_in_reserve(double given, double longest);

} // namespace ionsift::parallel
