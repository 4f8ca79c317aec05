// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/parallel/placement.hpp"

#include <catch2/catch.hpp>
#include <sched.h>

#include <cstdlib>

using namespace ionsift::parallel;

TEST_CASE("Cores are written as ranges") {
  CHECK(format_cores({}) == "none");
  CHECK(format_cores({3}) == "3");
  CHECK(format_cores({0, 1, 2, 3, 8}) == "0-3,8");
  CHECK(format_cores({1, 3, 4}) == "1,3-4");
}

TEST_CASE("The placement follows the affinity of the process") {
  const auto before = placement();
  REQUIRE_FALSE(before.cores.empty());
  CHECK_FALSE(before.host.empty());
  CHECK(before.host_cores >= static_cast<int>(before.cores.size()));

  cpu_set_t old;
  REQUIRE(sched_getaffinity(0, sizeof old, &old) == 0);
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(before.cores.back(), &one);
  REQUIRE(sched_setaffinity(0, sizeof one, &one) == 0);
  CHECK(placement().cores == std::vector<int>{before.cores.back()});
  REQUIRE(sched_setaffinity(0, sizeof old, &old) == 0);
}

TEST_CASE("The number of processes is read from the launcher's variables") {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MPI_LOCALNRANKS", "SLURM_STEP_NUM_TASKS"}) {
    unsetenv(name);
  }
  CHECK(launched_processes() == 0);
  setenv("PMI_SIZE", "16", 1);
  CHECK(launched_processes() == 16);
  setenv("SLURM_STEP_NUM_TASKS", "3", 1); // of the daemons that mpirun works through
  CHECK(launched_processes() == 16);
  unsetenv("PMI_SIZE");
  CHECK(launched_processes() == 3);
  setenv("SLURM_STEP_NUM_TASKS", "three", 1);
  CHECK(launched_processes() == 0);
  unsetenv("SLURM_STEP_NUM_TASKS");
}

TEST_CASE("Nodes have names, and processes have local ranks") {
  for (const char* name :
       {"OMPI_COMM_WORLD_LOCAL_RANK", "MPI_LOCALRANKID", "SLURM_LOCALID", "SLURMD_NODENAME"}) {
    unsetenv(name);
  }
  CHECK_FALSE(launched_local_rank());
  setenv("SLURM_LOCALID", "0", 1);
  setenv("MPI_LOCALRANKID", "2", 1);
  CHECK(launched_local_rank() == 2);
  unsetenv("MPI_LOCALRANKID");
  CHECK(launched_local_rank() == 0);
  unsetenv("SLURM_LOCALID");
  const auto host = node_name();
  CHECK(host.starts_with(placement().host + " "));
  CHECK(host == node_name());
  setenv("SLURMD_NODENAME", "n1", 1);
  CHECK(node_name().starts_with("n1 "));
  unsetenv("SLURMD_NODENAME");
}
