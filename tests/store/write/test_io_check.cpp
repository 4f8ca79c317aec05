// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/store/write/io_check.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

using namespace ionsift;

TEST_CASE("Data written by all ranks together are read back correctly, and no file is left behind") {
  const auto& comm = test::world();
  const auto folder = test::scratch("io check");
  const auto check = store::check_parallel_io(comm, folder, 12'345);
  CHECK(check.passed());
  CHECK(check.values == 12'345U * static_cast<unsigned>(comm.size()));
  CHECK(check.wrong == 0);
  comm.barrier();
  CHECK(std::filesystem::is_empty(folder));
}

TEST_CASE("A folder that cannot be written to is reported on every rank") {
  const auto check = store::check_parallel_io(test::world(), "/proc/no such folder", 10);
  CHECK_FALSE(check.passed());
  CHECK_FALSE(check.refused.empty());
}
