// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"

#include "support.hpp"
#include "text_table.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <sstream>

using namespace ionsift::report;

TEST_CASE("columns are as wide as their widest cell, in characters") {
  TextTable table({"name", "n"}, {Align::left, Align::right});
  table.add({"Å ± σ", "1"});
  table.add({"x", "100"});
  std::ostringstream out;
  table.print(out);
  CHECK(out.str() == "name     n\nÅ ± σ    1\nx      100\n");
  CHECK(display_width("Å ± σ") == 5);
}

TEST_CASE("lines do not end in blanks and rows must be as long as the header") {
  TextTable table({"a", "b"}, {Align::left, Align::left});
  table.add({"long", ""});
  std::ostringstream out;
  table.print(out);
  CHECK(out.str() == "a     b\nlong\n");
  CHECK_THROWS_AS(table.add({"alone"}), ionsift::Error);
}

TEST_CASE("numbers have the digits asked for, NaN its own sign") {
  CHECK(format_number(0.123456, 3, "-") == "0.123");
  CHECK(format_number(-2, 1, "-") == "-2.0");
  CHECK(format_number(std::nan(""), 3, "-") == "-");
}
