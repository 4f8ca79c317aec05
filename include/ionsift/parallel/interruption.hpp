// SPDX-License-Identifier: BSD-3-Clause
// Runs that the system ends, or warns, in the midst of their work.
#pragma once

#include "ionsift/base/signal_watch.hpp"
#include "ionsift/base/timer.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/parallel/counter.hpp"

#include <cstdint>
#include <memory>

namespace ionsift::parallel {

/// What ends a run on several ranks before its work is done: SIGTERM or SIGINT, which perhaps one rank alone
/// gets, and the limit of its time (run_time.hpp). SIGUSR1 has every rank that it reaches keep its state
/// (SLURM's --signal=USR1@120). Ranks ask between pieces of work, finish the piece that they are at, and meet
/// in their next collective. Making one is collective; destroying it is as well, except while an exception is
/// on its way out.
///
/// A run ends so early that a piece as long as the longest that this rank has had, and what comes behind the
/// last piece (1 % of the limit, but 1 to 60 seconds), still fit into its time.
class Interruption {
public:
  explicit Interruption(const Communicator& comm);

  /// Whether any rank was asked to end, or has no time left: this one knows at once, the others within about
  /// a second. Once true it stays so. Between two calls lies one piece of work. Cheap, not collective.
  bool ending();
  /// The time since the last call was no piece of work: this rank has waited for others. Not collective.
  void rest() { piece_.restart(); }
  /// Whether this rank has got a SIGUSR1 since it was last asked. Not collective.
  bool keeping();

private:
  bool time_is_up();

  SignalWatch watch_;
  std::unique_ptr<Counter> requests_; ///< ranks that were asked to end
  Stopwatch since_;                   ///< the others were last looked at
  Stopwatch piece_;                   ///< of work, since its begin
  double longest_ = 0;                ///< piece so far, seconds
  bool ending_ = false, told_ = false, asking_ = false;
  std::uint64_t kept_;
};

/// Seconds before the end of `given` seconds at which work is to stop. @param longest piece of work, seconds
double seconds_in_reserve(double given, double longest);

} // namespace ionsift::parallel
