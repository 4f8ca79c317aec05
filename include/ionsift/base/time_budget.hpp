// SPDX-License-Identifier: BSD-3-Clause
// A limit on the time that one piece of work may take.
#pragma once

#include <limits>

namespace ionsift {

/// Processor seconds of the calling thread, counted from construction. Time in which the machine did
/// something else does not count, so that a busy machine changes no result. Long work calls
/// check() regularly, which also runs errands (errands.hpp); nothing is interrupted.
class TimeBudget {
public:
  /// Without a limit.
  TimeBudget() = default;
  /// @param seconds from now on
  /// @throws Error usage unless positive
  explicit TimeBudget(double seconds);

  /// For inner loops: reads the clock, which may cost two microseconds, in the first call and in every
  /// 32nd.
  /// @throws Error limit when the budget is exhausted
  void check() const {
    if (calls_++ % 32 == 0) {
      check_now();
    }
  }
  /// @throws Error limit when the budget is exhausted
  void check_now() const;

private:
  static double now();
  double seconds_ = std::numeric_limits<double>::infinity();
  double end_ = std::numeric_limits<double>::infinity();
  mutable unsigned calls_ = 0;
};

} // namespace ionsift
