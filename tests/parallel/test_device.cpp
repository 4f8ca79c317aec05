#include "ionsift/parallel/device.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>

using ionsift::parallel::bind_device;
using ionsift::test::world;

TEST_CASE("without a GPU there is the CPU") {
  const auto binding = bind_device(world(), 0);
  CHECK(binding.name() == "cpu");
  CHECK(binding.gpu == -1);
  CHECK(binding.local_rank == world().rank());
  CHECK(binding.local_size == world().size());
  CHECK(binding.sharers == 1);
}

TEST_CASE("ranks take the GPUs in turn") {
  unsetenv("CUDA_VISIBLE_DEVICES");
  const auto binding = bind_device(world(), 2);
  CHECK(binding.gpu == world().rank() % 2);
  CHECK(binding.name() == "cuda:" + std::to_string(world().rank() % 2));
  // Even ranks are as many as the odd ones, or one more.
  CHECK(binding.sharers == (world().size() + 1 - binding.gpu) / 2);
  CHECK(bind_device(world(), 100).sharers == 1);
}

TEST_CASE("ranks that are shown a GPU each share nothing") {
  setenv("CUDA_VISIBLE_DEVICES", std::to_string(world().rank()).c_str(), 1);
  const auto binding = bind_device(world(), 1);
  unsetenv("CUDA_VISIBLE_DEVICES");
  CHECK(binding.gpu == 0);
  CHECK(binding.sharers == 1);
}
