// SPDX-License-Identifier: BSD-3-Clause
// Progress of a phase, for terminals and batch logs.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace ionsift {

/// "1 h 02 min", "3 min 05 s", "12.3 s".
std::string format_duration(double seconds);

/// "21755/s", "30/min", "3.6/h".
std::string format_rate(double per_second);

/// A bar with rate and ETA where standard error is a terminal, otherwise lines: the first after
/// `line_seconds`, each later by half as much again, at most ten minutes apart, so that the log of a long job
/// stays short. Silent on every rank but 0 and when logging is quiet. Not thread-safe.
class Progress {
public:
  /// @param total items expected, 0 when unknown (no ETA then)
  Progress(std::string what, std::uint64_t total, double line_seconds = 10.0);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void set_total(std::uint64_t total) { total_ = total; }
  /// Sets the number of finished items; draws when it is due.
  void update(std::uint64_t done);
  /// Draws the final state; the destructor does so too unless an exception is in flight.
  void finish();

private:
  using Clock = std::chrono::steady_clock;
  void draw(bool last);

  std::string what_;
  std::uint64_t total_;
  std::uint64_t done_ = 0;
  double interval_;
  bool terminal_;
  bool active_;
  Clock::time_point start_;
  Clock::time_point drawn_;
  int exceptions_;
};

} // namespace ionsift
