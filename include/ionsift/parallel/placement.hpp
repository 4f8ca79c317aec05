// SPDX-License-Identifier: BSD-3-Clause
// Where the operating system lets this process run.
#pragma once

#include <optional>
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

/// How many processes the launcher says that it has started, told by its variables; 0 where none says. An
/// MPI's launcher goes before SLURM, which may have started the launcher alone. More than the communicator
/// has: the launcher speaks another MPI's language, and every process is alone.
int launched_processes();
/// Which of them this one is, by the launcher's variables; nothing where it tells none.
std::optional<int> launched_rank();

/// The number of this process among those of its node by the launcher's word (variables of Open MPI, MPICH
/// and Intel MPI, SLURM, in this order); nothing where none says.
std::optional<int> launched_local_rank();

/// The same for all processes of a node, and for them alone: SLURM's name of the node, which several may
/// share a machine, or else that of the host, together with the boot of its kernel, since containers are
/// often all called alike.
std::string node_name();

} // namespace ionsift::parallel
