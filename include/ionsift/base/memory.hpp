// How much memory this process has needed.
#pragma once

namespace ionsift {

/// The most resident memory of this process so far, MB (1e6 bytes); 0 where the system does not tell.
double peak_memory_mb();

} // namespace ionsift
