// SPDX-License-Identifier: BSD-3-Clause
// What cannot wait until long work is done.
#pragma once

namespace ionsift {

/// Long work calls this every few milliseconds at least. Rank 0 keeps what all ranks share, and while it
/// computes others may wait for its answers, which it gives here. Costs a call where there is nothing to do,
/// and a look at the clock where there may be. @throws Error io when another rank cannot be reached
void run_errands();

/// What `run_errands` calls from now on, nullptr for nothing. `parallel` sets it; it has to be fast, and safe
/// on every thread.
void set_errands(void (*errands)());

} // namespace ionsift
