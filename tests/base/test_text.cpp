// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/progress.hpp"
#include "ionsift/base/text.hpp"

#include <catch2/catch.hpp>

using namespace ionsift;

TEST_CASE("Trimming and splitting") {
  CHECK(trim("  a b\t\r\n") == "a b");
  CHECK(trim(" \n").empty());
  CHECK(split("a,,b", ',') == std::vector<std::string>{"a", "", "b"});
  CHECK(split("a,", ',') == std::vector<std::string>{"a", ""});
  CHECK(split("", ',').empty());
}

TEST_CASE("Numbers are whole, finite and independent of the locale") {
  CHECK(parse_number(" -1.5e-4 ") == -1.5e-4);
  CHECK(parse_number("+2") == 2.0);
  CHECK_FALSE(parse_number("1,5"));
  CHECK_FALSE(parse_number("1.5 S/cm"));
  CHECK_FALSE(parse_number("nan"));
  CHECK_FALSE(parse_number("inf"));
  CHECK_FALSE(parse_number(""));
  CHECK(parse_integer("-12") == -12);
  CHECK_FALSE(parse_integer("1.0"));
}

TEST_CASE("The nearest word is suggested only when it is close") {
  const std::vector<std::string> commands = {"featurize", "train", "evaluate", "screen", "inspect"};
  CHECK(nearest_word("featurise", commands) == "featurize");
  CHECK(nearest_word("Tran", commands) == "train");
  CHECK(nearest_word("tarin", commands) == "train");
  CHECK(nearest_word("feat", commands) == "featurize");
  CHECK(nearest_word("eval", commands) == "evaluate");
  CHECK_FALSE(nearest_word("fe", commands));
  CHECK_FALSE(nearest_word("banana", commands));
}

TEST_CASE("Rates for people have no exponents, and slow ones are per minute or per hour") {
  CHECK(format_rate(21755.4) == "21755/s");
  CHECK(format_rate(12.345) == "12.3/s");
  CHECK(format_rate(0.5) == "30/min");
  CHECK(format_rate(0.001) == "3.6/h");
  CHECK(format_rate(0) == "0/h");
}

TEST_CASE("Durations for people") {
  CHECK(format_duration(12.34) == "12.3 s");
  CHECK(format_duration(185) == "3 min 05 s");
  CHECK(format_duration(3725) == "1 h 02 min");
  CHECK(format_duration(-1) == "?");
}

TEST_CASE("Bytes that are not valid UTF-8 become the replacement character") {
  const std::string unknown = "\xEF\xBF\xBD";
  for (const std::string sound :
       {"", "Li3N", "\xC3\xA9", "\xE2\x84\xA6", "\xF0\x9F\x94\x8B", "\xEF\xBF\xBD"}) {
    CHECK(valid_utf8(sound) == sound);
  }
  CHECK(valid_utf8("a\xFF"
                   "b") == "a" + unknown + "b");
  CHECK(valid_utf8("\xC3\x28") == unknown + "(");                   // no continuation byte
  CHECK(valid_utf8("\xC0\x80") == unknown + unknown);               // overlong encoding
  CHECK(valid_utf8("\xED\xA0\x80") == unknown + unknown + unknown); // a surrogate
  CHECK(valid_utf8("\xF4\x90\x80\x80").size() == 12);               // beyond U+10FFFF
  CHECK(valid_utf8("Li\xE2\x84") == "Li" + unknown + unknown);      // truncated
  CHECK(valid_utf8(std::string("a\0b", 3)) == std::string("a\0b", 3));
}
