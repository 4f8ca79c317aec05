// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/parallel/bind_device.hpp"
#include "ionsift/parallel/environment.hpp"
#include "ionsift/parallel/link.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

using ionsift::parallel::bind_device;
using ionsift::test::world;

TEST_CASE("without a GPU the CPU is used") {
  const auto binding = bind_device(world(), 0);
  CHECK(binding.name() == "cpu");
  CHECK(binding.gpu == -1);
  CHECK(binding.local_rank == world().rank());
  CHECK(binding.local_size == world().size());
  CHECK(binding.sharers == 1);
}

TEST_CASE("ranks are assigned to the GPUs in turn") {
  unsetenv("CUDA_VISIBLE_DEVICES");
  const auto binding = bind_device(world(), 2);
  CHECK(binding.gpu == world().rank() % 2);
  CHECK(binding.name() == "cuda:" + std::to_string(world().rank() % 2));
  // There are as many even ranks as odd ones, or one more.
  CHECK(binding.sharers == (world().size() + 1 - binding.gpu) / 2);
  CHECK(bind_device(world(), 100).sharers == 1);
}

TEST_CASE("ranks that each see a GPU of their own share none") {
  setenv("CUDA_VISIBLE_DEVICES", std::to_string(world().rank()).c_str(), 1);
  const auto binding = bind_device(world(), 1);
  unsetenv("CUDA_VISIBLE_DEVICES");
  CHECK(binding.gpu == 0);
  CHECK(binding.sharers == 1);
}

TEST_CASE("a GPU is identified by its UUID, whatever number it has") {
  // Control groups show each rank one device, which they all call 0.
  setenv("CUDA_VISIBLE_DEVICES", "0", 1);
  const std::string own = "uuid of rank " + std::to_string(world().rank());
  CHECK(bind_device(world(), std::vector<std::string>{own}).sharers == 1);
  CHECK(bind_device(world(), std::vector<std::string>{"the same"}).sharers == world().size());
  unsetenv("CUDA_VISIBLE_DEVICES");
}

TEST_CASE("ROCm's variables restrict the visible devices too") {
  const auto rank = std::to_string(world().rank());
  for (const char* variable : {"HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES"}) {
    setenv(variable, rank.c_str(), 1);
    CHECK(bind_device(world(), 1).sharers == 1);
    setenv(variable, "3", 1);
    CHECK(bind_device(world(), 1).sharers == world().size());
    unsetenv(variable);
  }
  // Of ROCR's devices 2 and 3, HIP's number 1 is 3.
  setenv("ROCR_VISIBLE_DEVICES", "2,3", 1);
  setenv("HIP_VISIBLE_DEVICES", world().rank() == 0 ? "1" : "0", 1);
  CHECK(bind_device(world(), 1).sharers == (world().rank() == 0 ? 1 : world().size() - 1));
  unsetenv("ROCR_VISIBLE_DEVICES");
  unsetenv("HIP_VISIBLE_DEVICES");
}

TEST_CASE("the launcher's local ranks are used only where they differ") {
  const char* variable = "OMPI_COMM_WORLD_LOCAL_RANK";
  const char* text = std::getenv(variable);
  const std::string before = text == nullptr ? "" : text;
  setenv(variable, std::to_string(100 + world().rank()).c_str(), 1);
  CHECK(bind_device(world(), 1000).gpu == 100 + world().rank());
  CHECK(bind_device(world(), 1000).local_size == 100 + world().size());
  setenv(variable, "0", 1); // as from SLURM's batch script, inherited by every process of mpirun
  CHECK(bind_device(world(), 1000).gpu == world().rank());
  before.empty() ? unsetenv(variable) : setenv(variable, before.c_str(), 1);
}

TEST_CASE("links inside one machine are fast, and its ranks share a clock") {
  const auto link = ionsift::parallel::measure_link(world());
  CHECK((link.latency_seconds > 0) == !world().is_root());
  CHECK((link.bytes_per_second > 0) == !world().is_root());
  CHECK(std::abs(link.clock_ahead_seconds) < 1);
  CHECK(ionsift::parallel::measure_link(ionsift::parallel::Communicator::local()).latency_seconds == 0);
  CHECK(ionsift::parallel::mpi_node_size() == world().node().size());
}
