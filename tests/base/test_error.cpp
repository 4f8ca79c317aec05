// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/assertion.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/version.hpp"

#include <catch2/catch.hpp>

using ionsift::Error;
using ionsift::ErrorCode;

TEST_CASE("A message reads PROBLEM (WHY) SUGGESTION") {
  const Error error(ErrorCode::data, "the cell has no volume", "a = 0 A", "Check _cell_length_a.");
  CHECK(error.what() == std::string("the cell has no volume (a = 0 A) Check _cell_length_a."));
  CHECK(error.at("x.cif").what() ==
        std::string("x.cif: the cell has no volume (a = 0 A) Check _cell_length_a."));
  CHECK(error.at("x.cif").code() == ErrorCode::data);
  CHECK(Error(ErrorCode::data, "p", "", "s").what() == std::string("p s"));
}

TEST_CASE("VALIDATE throws only when its condition fails, and evaluates its texts only then") {
  int evaluated = 0;
  const auto text = [&] {
    ++evaluated;
    return std::string("problem");
  };
  IONSIFT_VALIDATE(1 + 1 == 2, data, text(), "", "");
  CHECK(evaluated == 0);
  const auto violate = [&] { IONSIFT_VALIDATE(1 + 1 == 3, limit, text(), "why", "do"); };
  CHECK_THROWS_WITH(violate(), "problem (why) do");
  CHECK(evaluated == 1);
}

TEST_CASE("ASSERT names the condition and its place, asks to report the bug once, and evaluates its text "
          "only then") {
  int evaluated = 0;
  const auto text = [&] {
    ++evaluated;
    return fmt::format("{} rows for {} sites", 3, 2);
  };
  IONSIFT_ASSERT(1 + 1 == 2, text());
  CHECK(evaluated == 0);
  try {
    IONSIFT_ASSERT(1 + 1 == 3, text());
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    constexpr int line = __LINE__ - 3;
    CHECK(error.code() == ErrorCode::internal);
    CHECK(error.what() ==
          fmt::format("3 rows for 2 sites (1 + 1 == 3 is false at tests/base/test_error.cpp:{}) "
                      "This is a bug in ionsift {}; please report it with the command that was run.",
                      line, ionsift::version()));
    CHECK(error.why() == fmt::format("1 + 1 == 3 is false at tests/base/test_error.cpp:{}", line));
    CHECK(error.suggestion() == ionsift::bug_report_request());
  }
  CHECK(evaluated == 1);
}

TEST_CASE("A failed assertion names the file as it is in the repository") {
  const auto place = [](std::string_view file) {
    return ionsift::assertion_failure("ok", file, 7, "").why();
  };
  CHECK(place("/home/src/ionsift/src/graph/graph.cpp") == "ok is false at src/graph/graph.cpp:7");
  CHECK(place("../../include/ionsift/base/csv.hpp") == "ok is false at include/ionsift/base/csv.hpp:7");
  CHECK(place("elsewhere.cpp") == "ok is false at elsewhere.cpp:7");
}

TEST_CASE("Exit statuses distinguish wrong usage, failures and bugs") {
  CHECK(ionsift::exit_status(ErrorCode::usage) == 2);
  CHECK(ionsift::exit_status(ErrorCode::io) == 1);
  CHECK(ionsift::exit_status(ErrorCode::internal) == 70);
  CHECK(ionsift::name_of(ErrorCode::conflict) == "conflict");
}

TEST_CASE("a zero byte does not cut the message") {
  const Error error(ErrorCode::data, std::string("a\0b", 3), "why", "Do this.");
  CHECK(std::string(error.what()) == "a b (why) Do this.");
}
