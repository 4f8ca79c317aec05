// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"

#include "inputs.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <ostream>

using namespace ionsift;

TEST_CASE("structures are found as paths, in the data folder, and inside files of either") {
  const auto folder = test::scratch("inputs");
  write_file_atomically(folder / "here.cif", [](std::ostream& out) { out << "data_a"; });
  std::filesystem::create_directories(folder / "data" / "data");
  write_file_atomically(folder / "data" / "there.json", [](std::ostream& out) { out << "[]"; });
  const auto data = (folder / "data").string();
  const auto here = (folder / "here.cif").string();
  CHECK(cli::find_structures(here, data) == here);
  CHECK(cli::find_structures(here + "#block", data) == here + "#block");
  CHECK(cli::find_structures("there.json", data) == folder / "data" / "there.json");
  CHECK(cli::find_structures("there.json#mp-1", data) == folder / "data" / "there.json#mp-1");
  CHECK_THROWS_AS(cli::find_structures("nowhere.json#mp-1", data), Error);
}
