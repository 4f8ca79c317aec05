// SPDX-License-Identifier: BSD-3-Clause
// Placement of this process by the operating system.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace ionsift::parallel {

struct Placement {
  std::string host;
  std::vector<int>
      cores;          ///< numbers of the processors that this process may run on (its affinity), ascending
  int host_cores = 0; ///< number of processors of the host
  /// Processors' worth of time that the control group (container, batch job) allows, 0 for no limit.
  double quota = 0;
};

/// The current placement of this process.
Placement placement();

/// "0-3,8"; "none" for no cores.
std::string format_cores(const std::vector<int>& cores);

/// Number of processes according to the launcher's environment variables; 0 if unknown. An
/// MPI launcher takes precedence over SLURM, which may have started only the launcher. If more than the
/// communicator has, the launcher belongs to another MPI, and every process is alone.
int launched_processes();
/// Number of this process according to the launcher's variables; nothing if unknown.
std::optional<int> launched_rank();

/// The number of this process within its node according to the launcher (variables of Open MPI, MPICH
/// and Intel MPI, SLURM, in this order); nothing if unknown.
std::optional<int> launched_local_rank();

/// A name that only the processes of one node share: SLURM's name of the node, several of which may
/// share a machine, or else that of the host, together with the boot of its kernel, since containers are
/// often have the same name.
std::string node_name();

} // namespace ionsift::parallel
