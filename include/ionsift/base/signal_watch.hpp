// SPDX-License-Identifier: BSD-3-Clause
// Signals to a running program, which are polled between pieces of work.
#pragma once

#include <cstdint>

namespace ionsift {

/// While one exists, SIGTERM and SIGINT only request a stop, and SIGUSR1 requests that it save
/// its state. A second SIGINT ends it at once, for impatient users. Watches may be nested:
/// all see the signals since the outermost was made, which restores the previous handlers. To be
/// made and destroyed by the main thread.
class SignalWatch {
public:
  SignalWatch();
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  /// Whether SIGTERM or SIGINT has arrived.
  bool ending() const;
  /// Number of SIGUSR1 that have arrived; several in quick succession may count as one.
  std::uint64_t keeping() const;
};

} // namespace ionsift
