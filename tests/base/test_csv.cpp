// SPDX-License-Identifier: BSD-3-Clause
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

TEST_CASE("A written row is read back unchanged") {
  const std::vector<std::string> cells = {"plain", "with, comma", "with \"quotes\"", "two\nlines", ""};
  std::ostringstream out;
  ionsift::write_csv_row(out, {"a", "b", "c", "d", "e"});
  ionsift::write_csv_row(out, cells);
  CHECK(CsvTable::parse(out.str(), "t.csv").row(0) == cells);
}

TEST_CASE("Errors name the table, the place and the remedy") {
  using Catch::Matchers::Contains;
  CHECK_THROWS_WITH(CsvTable::parse("a,b\n1,2\n3\n", "t.csv"), Contains("t.csv") && Contains("record 3"));
  CHECK_THROWS_WITH(CsvTable::parse("", "t.csv"), Contains("t.csv is empty"));
  CHECK_THROWS_WITH(CsvTable::parse("a,b\n\"x,2\n", "t.csv"), Contains("quotes"));
  const auto table = CsvTable::parse("conductivity,id\n", "t.csv");
  CHECK_THROWS_WITH(table.column("conductivty"), Contains("Did you mean 'conductivity'?"));
  CHECK_THROWS_AS(CsvTable::read("no such file.csv"), ionsift::Error);
}

TEST_CASE("A byte order mark is not part of the first column's name") {
  CHECK(CsvTable::parse("\xEF\xBB\xBFid,x\n", "t.csv").has("id"));
}

namespace {

/// ASCII as UTF-16 with a byte order mark.
std::string utf16(const std::string& text, bool little_endian) {
  std::string bytes = little_endian ? "\xFF\xFE" : "\xFE\xFF";
  for (const char c : text) {
    bytes += little_endian ? std::string{c, '\0'} : std::string{'\0', c};
  }
  return bytes;
}

} // namespace

TEST_CASE("Tables saved by spreadsheet programs are read") {
  const std::vector<std::string> cells = {"a", "1,3E-3"};
  for (const auto& text :
       {std::string("id;x\na;1,3E-3\n"), std::string("id\tx\na\t1,3E-3\n"),
        std::string("sep=;\nid;x\na;1,3E-3\n"), std::string("sep=,\r\nid,x\r\na,\"1,3E-3\"\r\n"),
        std::string("id,x\na,\"1,3E-3\"\n"), std::string("sep=\t\nid\tx\na\t1,3E-3\n"),
        utf16("id\tx\r\na\t1,3E-3\r\n", true), utf16("id;x\r\na;1,3E-3\r\n", false),
        utf16("id;x\r\na;1,3E-3\r\n", true).substr(2), std::string("id;\"x\"\n\"a\";\"1,3E-3\"\n")}) {
    INFO(text);
    const auto table = CsvTable::parse(text, "t.csv");
    REQUIRE(table.size() == 1);
    CHECK(table.header() == std::vector<std::string>{"id", "x"});
    CHECK(table.row(0) == cells);
  }
}

TEST_CASE("The separator is the one that divides all rows evenly") {
  CHECK(CsvTable::parse("id,list\na,1;2\nb,3;4;5\n", "t.csv").cell(1, 1) == "3;4;5");
  CHECK(CsvTable::parse("id;name, formula\na;b\n", "t.csv").header()[1] == "name, formula");
  CHECK(CsvTable::parse("id,note (S/cm; 298 K)\na,1\n", "t.csv").separator() == ',');
  CHECK(CsvTable::parse("id\na\n", "t.csv").size() == 1);
}

TEST_CASE("Bytes that are not UTF-8 are Windows-1252") {
  const auto table = CsvTable::parse("id,x (\xB5S/cm)\na,1\x96\n", "t.csv");
  CHECK(table.encoding() == ionsift::Encoding::windows_1252);
  CHECK(table.header()[1] == "x (\xC2\xB5S/cm)");
  CHECK(table.cell(0, 1) == "1\xE2\x80\x93");
}
