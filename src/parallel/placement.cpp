// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/parallel/placement.hpp"

#include "ionsift/base/host.hpp"
#include "ionsift/base/text.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <initializer_list>

namespace ionsift::parallel {

namespace {

/// Affinity on hosts with any number of processors.
std::vector<int> affinity() {
  for (std::size_t most = 1024; most <= 1U << 20U; most *= 2) {
    cpu_set_t* const set = CPU_ALLOC(most);
    const std::size_t bytes = CPU_ALLOC_SIZE(most);
    CPU_ZERO_S(bytes, set);
    const bool told = sched_getaffinity(0, bytes, set) == 0;
    std::vector<int> cores;
    for (std::size_t i = 0; told && i < most; ++i) {
      if (CPU_ISSET_S(i, bytes, set)) {
        cores.push_back(static_cast<int>(i));
      }
    }
    CPU_FREE(set);
    if (told) {
      return cores;
    }
  }
  return {};
}

/// "200000 100000" in cpu.max of version 2 of control groups: two processors' worth.
double time_quota() {
  std::ifstream in("/sys/fs/cgroup/cpu.max");
  std::string quota;
  double period = 0;
  if (!(in >> quota >> period) || period <= 0) {
    return 0;
  }
  return parse_number(quota).value_or(0) / period;
}

/// The value of a variable; nothing if it is not set or not a count.
std::optional<int> number_in(const char* variable) {
  const char* text = std::getenv(variable);
  const auto value = text == nullptr ? std::nullopt : parse_integer(text);
  return value && *value >= 0 && *value < 1'000'000'000 ? std::optional(static_cast<int>(*value))
                                                        : std::nullopt;
}

/// The value of the first of these variables that has one.
std::optional<int> first_number_in(std::initializer_list<const char*> variables) {
  for (const char* variable : variables) {
    if (const auto value = number_in(variable)) {
      return value;
    }
  }
  return std::nullopt;
}

} // namespace

Placement placement() {
  return {host_name(), affinity(), static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN)), time_quota()};
}

std::string format_cores(const std::vector<int>& cores) {
  std::string text;
  for (std::size_t first = 0; first < cores.size();) {
    std::size_t last = first;
    while (last + 1 < cores.size() && cores[last + 1] == cores[last] + 1) {
      ++last;
    }
    text += text.empty() ? "" : ",";
    text += first == last ? std::to_string(cores[first]) : fmt::format("{}-{}", cores[first], cores[last]);
    first = last + 1;
  }
  return text.empty() ? "none" : text;
}

int launched_processes() {
  // Open MPI's mpirun; MPICH's, Intel MPI's and others'; srun, only inside a step that it started.
  return first_number_in({"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MPI_LOCALNRANKS", "SLURM_STEP_NUM_TASKS"})
      .value_or(0);
}

std::optional<int> launched_rank() {
  if (const auto rank = first_number_in({"OMPI_COMM_WORLD_RANK", "PMI_RANK"})) {
    return rank;
  }
  // Batch scripts have it, too, as 0.
  return number_in("SLURM_STEP_NUM_TASKS") ? number_in("SLURM_PROCID") : std::nullopt;
}

std::optional<int> launched_local_rank() {
  return first_number_in({"OMPI_COMM_WORLD_LOCAL_RANK", "MPI_LOCALRANKID", "SLURM_LOCALID"});
}

std::string node_name() {
  std::string boot;
  std::getline(std::ifstream("/proc/sys/kernel/random/boot_id") >> std::ws, boot);
  const char* slurm = std::getenv("SLURMD_NODENAME");
  return fmt::format("{} {}", slurm != nullptr && *slurm != '\0' ? slurm : host_name(), boot);
}

} // namespace ionsift::parallel
