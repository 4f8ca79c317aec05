// SPDX-License-Identifier: BSD-3-Clause
// What the system asks of a running program by signals, to be looked at between pieces of work.
#pragma once

#include <cstdint>

namespace ionsift {

/// While one exists, SIGTERM and SIGINT do no more than ask the program to end, and SIGUSR1 asks it to keep
/// what it has so far. A second SIGINT ends it at once, for people who will not wait. Watches may be nested:
/// all see what was asked since the outermost was made, which puts back the handlers that it found. To be
/// made and destroyed by the main thread.
class SignalWatch {
public:
  SignalWatch();
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  /// Whether SIGTERM or SIGINT has come.
  bool ending() const;
  /// How many SIGUSR1 have come; several in quick succession may count as one.
  std::uint64_t keeping() const;
};

} // namespace ionsift
