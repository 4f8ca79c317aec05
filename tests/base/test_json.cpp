// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/json.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace ionsift;

TEST_CASE("JSON is read up to a maximum depth") {
  const auto nested = [](int depth) {
    return std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']');
  };
  CHECK(parse_json(nested(deepest_json)).is_array());
  CHECK_THROWS_AS(parse_json(nested(deepest_json + 1)), nlohmann::json::parse_error);
  CHECK(parse_json_or_discard(nested(deepest_json + 1)).is_discarded());
  CHECK(parse_json_or_discard(nested(1'000'000)).is_discarded());
  CHECK_THROWS_WITH(parse_json(nested(1'000'000)), Catch::Contains("nest more than 100 deep"));
}

TEST_CASE("Brackets inside strings do not count as depth") {
  const std::string brackets(1000, '[');
  CHECK(parse_json("\"" + brackets + "\"").get<std::string>() == brackets);
  CHECK(parse_json("[\"\\\"" + brackets + "\", {}]").size() == 2);
  CHECK(parse_json("\"\\\\\"").get<std::string>() == "\\");
}

TEST_CASE("Invalid JSON is an error, or discarded") {
  CHECK_THROWS_AS(parse_json("{"), nlohmann::json::parse_error);
  CHECK_THROWS_AS(parse_json("\"\xFF\""), nlohmann::json::parse_error);
  CHECK_THROWS_AS(parse_json(""), nlohmann::json::parse_error);
  CHECK(parse_json_or_discard("{\"a\": }").is_discarded());
  CHECK(parse_json_or_discard("{\"a\": 1}")["a"] == 1);
}

TEST_CASE("Integers must be whole numbers and fit their type") {
  CHECK(integer<int>(parse_json("-3")) == -3);
  CHECK(integer<std::uint64_t>(parse_json("18446744073709551615")) == 18446744073709551615U);
  CHECK_THROWS_AS(integer<std::int64_t>(parse_json("18446744073709551615")), nlohmann::json::out_of_range);
  CHECK_THROWS_AS(integer<int>(parse_json("3000000000")), nlohmann::json::out_of_range);
  CHECK_THROWS_AS(integer<std::uint64_t>(parse_json("-1")), nlohmann::json::out_of_range);
  for (const char* text : {"1e60", "1.5", "true", "null", "\"1\"", "[1]"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(integer<std::int64_t>(parse_json(text)), nlohmann::json::type_error);
  }
  CHECK(integer_or(parse_json("{\"a\": 2}"), "a", 1) == 2);
  CHECK(integer_or(parse_json("{\"a\": 2}"), "b", 1) == 1);
  CHECK(integer_or(parse_json("{\"a\": 1e60}"), "a", 1) == 1);
}
