// SPDX-License-Identifier: BSD-3-Clause
// Short duties that must be served during long work.
#pragma once

namespace ionsift {

/// Long work calls this every few milliseconds at least. Rank 0 holds shared counters, and while it
/// computes others may wait for its answers, which it gives here. Costs one call if there is nothing to do,
/// and a read of the clock if there may be. @throws Error io when another rank cannot be reached
void run_errands();

/// What `run_errands` calls from now on, nullptr for nothing. `parallel` sets it; it has to be fast, and safe
/// on every thread.
void set_errands(void (*errands)());

} // namespace ionsift
