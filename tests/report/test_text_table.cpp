// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"

#include "support.hpp"
#include "text_table.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <utility>

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

TEST_CASE("a table that is too wide truncates its longest texts, never numbers") {
  const auto wide = [] {
    TextTable table({"formula", "P_SI", "nearest"}, {Align::left, Align::right, Align::left});
    table.add({"Li10Sn0.5Ge0.5P2S12", "0.86123456789", "Å Li10GeP2S12"});
    table.add({"LiF", "0.1", "short"});
    return table;
  };
  const auto longest = [](const TextTable& table) {
    std::ostringstream out;
    table.print(out);
    std::size_t most = 0;
    std::istringstream lines(out.str());
    for (std::string line; std::getline(lines, line);) {
      most = std::max(most, display_width(line));
    }
    return std::pair(most, out.str());
  };
  auto table = wide();
  table.fit(40);
  const auto [most, text] = longest(table);
  CHECK(most == 40);
  CHECK(text.find("0.86123456789") != std::string::npos);
  CHECK(text.find("Li10Sn0.5G…") != std::string::npos);
  CHECK(text.find("Å Li10GeP2S…") != std::string::npos);
  // Texts that fit are not changed, and none becomes shorter than the minimum.
  auto same = wide();
  same.fit(100);
  CHECK(longest(same) == longest(wide()));
  auto narrow = wide();
  narrow.fit(5);
  CHECK(longest(narrow).second.find("Li10Sn0…") != std::string::npos);
}

TEST_CASE("numbers have the requested digits, NaN its own sign") {
  CHECK(format_number(0.123456, 3, "-") == "0.123");
  CHECK(format_number(-2, 1, "-") == "-2.0");
  CHECK(format_number(std::nan(""), 3, "-") == "-");
}
