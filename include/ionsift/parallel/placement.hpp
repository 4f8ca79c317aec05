// Where the operating system lets this process run.
#pragma once

#include <string>
#include <vector>

namespace ionsift::parallel {

struct Placement {
  std::string host;
  std::vector<int>
      cores;          ///< numbers of the processors that this process may run on (its affinity), ascending
  int host_cores = 0; ///< processors that the host has
  /// Processors' worth of time that the control group (container, batch job) allows, 0 for no limit.
  double quota = 0;
};

/// Of this process, as it is now.
Placement placement();

/// "0-3,8"; "none" for no cores.
std::string format_cores(const std::vector<int>& cores);

/// How many processes the launcher says that it has started, told by its variables; 0 where none says. More
/// than the communicator has: the launcher speaks another MPI's language, and every process is alone.
int launched_processes();

} // namespace ionsift::parallel
