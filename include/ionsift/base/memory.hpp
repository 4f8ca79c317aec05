// SPDX-License-Identifier: BSD-3-Clause
// Memory use of this process.
#pragma once

namespace ionsift {

/// Peak resident memory of this process, MB (1e6 bytes); 0 if the system does not report it.
double peak_memory_mb();

/// Memory available to this process without swapping or being killed, MB: the smaller of what the system has
/// left and what its control group (container, batch job) allows; 0 if the system does not report it.
double available_memory_mb();

/// Makes this process retain freed memory for later allocations, instead of returning it to the
/// system. For work in batches: faulting in the same megabytes page by page took a tenth of the time of
/// featurizing on two ranks. Does nothing unless the C library is glibc.
void keep_freed_memory();

} // namespace ionsift
