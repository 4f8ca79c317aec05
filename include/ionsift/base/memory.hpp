// SPDX-License-Identifier: BSD-3-Clause
// How much memory this process has needed.
#pragma once

namespace ionsift {

/// The most resident memory of this process so far, MB (1e6 bytes); 0 where the system does not tell.
double peak_memory_mb();

/// What this process may still take without swapping or being killed, MB: the least of what the system has
/// left and what its control group (container, batch job) leaves it; 0 where the system does not tell.
double available_memory_mb();

/// Has this process keep memory that is freed, for what it allocates next, instead of giving it back to the
/// system. For work in batches: getting the same megabytes back page by page took a tenth of the time of
/// featurizing on two ranks. Does nothing where the C library is not glibc.
void keep_freed_memory();

} // namespace ionsift
