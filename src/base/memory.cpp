#include "ionsift/base/memory.hpp"

#include <fstream>
#include <string>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace ionsift {

double peak_memory_mb() {
  // Not getrusage: its maximum survives exec, so that a small program would show the size of its shell.
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word == "VmHWM:") {
      double kibibytes = 0;
      status >> kibibytes;
      return kibibytes * 1024 / 1e6;
    }
  }
  return 0;
}

void keep_freed_memory() {
#if defined(__GLIBC__)
  constexpr int most = 1 << 30;
  mallopt(M_MMAP_THRESHOLD, most);
  mallopt(M_TRIM_THRESHOLD, most);
#endif
}

} // namespace ionsift
