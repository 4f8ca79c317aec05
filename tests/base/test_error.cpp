// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"

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

TEST_CASE("Exit statuses tell wrong usage and bugs from failures") {
  CHECK(ionsift::exit_status(ErrorCode::usage) == 2);
  CHECK(ionsift::exit_status(ErrorCode::io) == 1);
  CHECK(ionsift::exit_status(ErrorCode::internal) == 70);
  CHECK(ionsift::name_of(ErrorCode::conflict) == "conflict");
}

TEST_CASE("a zero byte does not cut the message") {
  const Error error(ErrorCode::data, std::string("a\0b", 3), "why", "Do this.");
  CHECK(std::string(error.what()) == "a b (why) Do this.");
}
