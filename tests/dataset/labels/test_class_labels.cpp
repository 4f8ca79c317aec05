// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/dataset/labels/labels.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>

using Catch::Matchers::Contains;
using ionsift::dataset::Labels;

namespace {

Labels read(const std::string& text, const ionsift::dataset::ClassOptions& options) {
  const auto path = ionsift::test::scratch("classes") / "classes.csv";
  std::ofstream(path) << text;
  return Labels::read_classes(path, options);
}

} // namespace

TEST_CASE("classes are read from a column, rows marked by a column are left out") {
  const auto labels =
      read("id,is_metal,has_li,doubt\n"
           "a,1,0,\n"
           "b,0,0,false\n"
           "c,1,1,0\n"
           "d,0,,1\n"
           "e,,0,0\n"
           "a,1,0,0\n",
           {.id_column = "", .label_column = "is_metal", .threshold = {}, .exclude = {"has_li", "doubt"}});
  REQUIRE(labels.all().size() == 2);
  CHECK(labels.find("a")->positive == 1);
  CHECK(labels.find("b")->positive == 0);
  CHECK(std::isnan(labels.find("a")->conductivity));
  CHECK(labels.excluded() == 2);
  CHECK(labels.skipped() == 1);
  CHECK(labels.repeated() == 1);
}

TEST_CASE("numbers become classes by a threshold") {
  const std::string text = "id,gap\na,0.5\nb,0.50001\nc,-3\n";
  const auto labels = read(text, {.id_column = "", .label_column = "gap", .threshold = 0.5, .exclude = {}});
  CHECK(labels.find("a")->positive == 0);
  CHECK(labels.find("b")->positive == 1);
  CHECK(labels.find("c")->positive == 0);
  CHECK_THROWS_WITH(read(text, {.id_column = "", .label_column = "gap", .threshold = {}, .exclude = {}}),
                    Contains("classes are 0 and 1"));
}

TEST_CASE("columns that do not exist and classes that differ are refused") {
  CHECK_THROWS_WITH(
      read("id,metal\na,1\n", {.id_column = "", .label_column = "metals", .threshold = {}, .exclude = {}}),
      Contains("metals"));
  CHECK_THROWS_WITH(
      read("id,metal\na,1\n", {.id_column = "", .label_column = "metal", .threshold = {}, .exclude = {"li"}}),
      Contains("li"));
  CHECK_THROWS_WITH(read("id,metal\na,1\na,0\n",
                         {.id_column = "", .label_column = "metal", .threshold = {}, .exclude = {}}),
                    Contains("two classes"));
}
