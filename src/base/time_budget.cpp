// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/time_budget.hpp"

#include "ionsift/base/errands.hpp"
#include "ionsift/base/error.hpp"

#include <ctime>

namespace ionsift {

double TimeBudget::now() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

TimeBudget::TimeBudget(double seconds) : seconds_(seconds), end_(now() + seconds) {
  IONSIFT_VALIDATE(seconds > 0, usage, fmt::format("a limit of {} seconds", seconds),
                   "nothing can be done in no time", "Give a positive number of seconds.");
}

void TimeBudget::check_now() const {
  run_errands();
  if (end_ == std::numeric_limits<double>::infinity()) {
    return;
  }
  IONSIFT_VALIDATE(now() <= end_, limit,
                   fmt::format("more than {:g} seconds of processor time are needed", seconds_),
                   "one structure must not hold up all others",
                   "Raise the limit of seconds, lower the cutoff, or leave the structure out.");
}

} // namespace ionsift
