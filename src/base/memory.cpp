#include "ionsift/base/memory.hpp"

#include <fstream>
#include <string>

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

} // namespace ionsift
