// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/sha256.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <ostream>

using namespace ionsift;
namespace fs = std::filesystem;

TEST_CASE("A file is written completely or not at all") {
  const auto folder = test::scratch("file");
  const auto path = folder / "x.txt";
  write_file_atomically(path, [](std::ostream& out) { out << "first"; });
  CHECK(read_file(path) == "first");
  CHECK_THROWS_AS(write_file_atomically(path,
                                        [](std::ostream& out) {
                                          out << "half of the sec";
                                          out.setstate(std::ios::badbit);
                                        }),
                  Error);
  CHECK(read_file(path) == "first");
  CHECK(std::distance(fs::directory_iterator(folder), {}) == 1);
}

TEST_CASE("SHA-256 of known texts (FIPS 180-4)") {
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const auto path = test::scratch("sha") / "abc";
  write_file_atomically(path, [](std::ostream& out) { out << "abc"; });
  CHECK(sha256_of_file(path) == sha256("abc"));
}

TEST_CASE("Missing files are named") {
  CHECK_THROWS_WITH(read_file("/no/such/file"), Catch::Contains("/no/such/file does not exist"));
  CHECK_THROWS_AS(find_data("/no/such/folder"), Error);
}

TEST_CASE("The data folder is the requested one") {
  const auto folder = test::scratch("data");
  CHECK(find_data(folder.string()) == folder);
}
