// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/dataset/descriptors/given.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using Catch::Matchers::Contains;
using namespace ionsift;
using dataset::GivenDescriptors;

namespace {

std::filesystem::path table(const std::string& name, const std::string& text) {
  static const auto folder = test::scratch("given");
  const auto path = folder / name;
  std::ofstream(path) << text;
  return path;
}

} // namespace

TEST_CASE("given descriptors come from the named columns of several tables") {
  const auto one = table("one.csv", "id,barrier,seconds\nLiF,0.5,9\nLi2S,0.25,8\n");
  const auto two = table("two.csv", "Sample;bulk modulus\nlif.cif;1,5\nLi2S;2,5\nLi3N;3,5\n");
  const auto given = GivenDescriptors::read({one, two}, {"bulk modulus", "barrier"}, "");
  CHECK(given.names() == std::vector<std::string>{"given.bulk modulus", "given.barrier"});
  REQUIRE(given.find("Li2S") != nullptr);
  CHECK(*given.find("Li2S") == std::vector<double>{2.5, 0.25});
  CHECK(given.find("Li3N") == nullptr); // no barrier
  CHECK(given.find("LiCl") == nullptr);
}

TEST_CASE("given descriptors match ids without endings and letter case") {
  const auto given = GivenDescriptors::read({table("loose.csv", "file,x\nA.cif,1\nb.cif,2\n")}, {"x"}, "");
  REQUIRE(given.find("a") != nullptr);
  CHECK(given.find("a")->front() == 1);
  REQUIRE(given.find("B") != nullptr);
  CHECK(given.find("B")->front() == 2);
}

TEST_CASE("an unknown descriptor is no number, not zero") {
  const auto given =
      GivenDescriptors::read({table("empty.csv", "id,x,y\nA,1,\nB,1,0\nC,-,1\n")}, {"x", "y"}, "");
  CHECK(given.find("A") == nullptr);
  CHECK(given.find("C") == nullptr);
  REQUIRE(given.find("B") != nullptr);
  CHECK(*given.find("B") == std::vector<double>{1, 0});
}

TEST_CASE("bad tables of descriptors are refused with the reason") {
  const auto read = [](const std::string& text, const std::vector<std::string>& columns) {
    return GivenDescriptors::read({table("bad.csv", text)}, columns, "");
  };
  CHECK_THROWS_WITH(read("id,x\nA,much\n", {"x"}), Contains("much"));
  CHECK_THROWS_WITH(read("id,x\nA,<1\n", {"x"}), Contains("<1"));
  CHECK_THROWS_WITH(read("id,x\nA,1\nA,2\n", {"x"}), Contains("two numbers"));
  CHECK_THROWS_WITH(read("id,x\nA,1\n", {"z"}), Contains("no column 'z'"));
  CHECK_THROWS_WITH(read("id,x\nA,1\n", {}), Contains("no column of descriptors"));
  CHECK_THROWS_WITH(read("id,x\nA,1\n", {"x", "x"}), Contains("named twice"));
  const auto one = table("one.csv", "id,x\nA,1\n"), two = table("two.csv", "id,x\nA,1\n");
  CHECK_THROWS_WITH(GivenDescriptors::read({one, two}, {"x"}, ""), Contains("2 tables have a column x"));
}

TEST_CASE("the identity of given descriptors follows their tables and columns") {
  const auto one = table("a.csv", "id,x,y\nA,1,2\n"), other = table("b.csv", "id,x,y\nA,1,3\n");
  const auto sum = [](const std::filesystem::path& path, const std::vector<std::string>& columns) {
    return GivenDescriptors::read({path}, columns, "").sha256();
  };
  CHECK(sum(one, {"x"}) == sum(one, {"x"}));
  CHECK(sum(one, {"x"}) != sum(other, {"x"}));
  CHECK(sum(one, {"x", "y"}) != sum(one, {"y", "x"}));
}
