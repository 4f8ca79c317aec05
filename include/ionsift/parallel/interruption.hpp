// Runs that the system ends, or warns, in the midst of their work.
#pragma once

#include "ionsift/base/signal_watch.hpp"
#include "ionsift/base/timer.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/parallel/counter.hpp"

#include <cstdint>
#include <memory>

namespace ionsift::parallel {

/// Signals to a run on several ranks, of which perhaps one alone gets them: SIGTERM and SIGINT end it
/// cleanly, SIGUSR1 has every rank that it reaches keep its state (SLURM's --signal=USR1@120). Ranks ask
/// between pieces of work, finish what they are at, and meet in their next collective. Making one is
/// collective; destroying it is as well, except while an exception is on its way out.
class Interruption {
public:
  explicit Interruption(const Communicator& comm);

  /// Whether any rank was asked to end: this one knows at once, the others within about a second. Once true
  /// it stays so. Cheap, not collective.
  bool ending();
  /// Whether this rank has got a SIGUSR1 since it was last asked. Not collective.
  bool keeping();

private:
  SignalWatch watch_;
  std::unique_ptr<Counter> requests_; ///< ranks that were asked to end
  Stopwatch since_;                   ///< the others were last looked at
  bool ending_ = false, told_ = false, asking_ = false;
  std::uint64_t kept_;
};

} // namespace ionsift::parallel
