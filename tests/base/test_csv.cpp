#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using ionsift::CsvTable;

TEST_CASE("Quoted cells may hold separators, quotes and line ends") {
  const auto table = CsvTable::parse("id,note\r\na,\"x, \"\"y\"\"\nz\"\r\nb,\r\n", "t.csv");
  REQUIRE(table.size() == 2);
  CHECK(table.cell(0, table.column("note")) == "x, \"y\"\nz");
  CHECK(table.cell(1, table.column("note")).empty());
}

TEST_CASE("A written row is read back as it was") {
  const std::vector<std::string> cells = {"plain", "with, comma", "with \"quotes\"", "two\nlines", ""};
  std::ostringstream out;
  ionsift::write_csv_row(out, {"a", "b", "c", "d", "e"});
  ionsift::write_csv_row(out, cells);
  CHECK(CsvTable::parse(out.str(), "t.csv").row(0) == cells);
}

TEST_CASE("Errors name the table, the place and what would help") {
  using Catch::Matchers::Contains;
  CHECK_THROWS_WITH(CsvTable::parse("a,b\n1,2\n3\n", "t.csv"), Contains("t.csv") && Contains("record 3"));
  CHECK_THROWS_WITH(CsvTable::parse("", "t.csv"), Contains("t.csv is empty"));
  CHECK_THROWS_WITH(CsvTable::parse("a,b\n\"x,2\n", "t.csv"), Contains("quotes"));
  const auto table = CsvTable::parse("conductivity,id\n", "t.csv");
  CHECK_THROWS_WITH(table.column("conductivty"), Contains("Did you mean 'conductivity'?"));
  CHECK_THROWS_AS(CsvTable::read("no such file.csv"), ionsift::Error);
}

TEST_CASE("A byte order mark is no part of the first column's name") {
  CHECK(CsvTable::parse("\xEF\xBB\xBFid,x\n", "t.csv").has("id"));
}
