// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/errands.hpp"

#include <atomic>

namespace ionsift {

namespace {

std::atomic<void (*)()> the_errands = nullptr;

} // namespace

void run_errands() {
  if (auto* const errands = the_errands.load(std::memory_order_relaxed)) {
    errands();
  }
}

void set_errands(void (*errands)()) {
  the_errands.store(errands, std::memory_order_relaxed);
}

} // namespace ionsift
