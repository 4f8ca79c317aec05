// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/enum_names.hpp"

#include <catch2/catch.hpp>

using Catch::Matchers::Contains;
using namespace ionsift;

namespace {

enum class Colour { red, green, blue };

constexpr auto names =
    enum_names<Colour>({{Colour::blue, "blue"}, {Colour::red, "red"}, {Colour::green, "green"}});

static_assert(names.name(Colour::red) == "red");
static_assert(names.find("green") == Colour::green);
static_assert(!names.find("Green"));

} // namespace

TEST_CASE("names are found, and one that does not exist is answered by those that do") {
  for (const auto colour : {Colour::red, Colour::green, Colour::blue}) {
    CHECK(names.parse(names.name(colour), "colour") == colour);
  }
  CHECK(names.list() == "blue, red and green");
  CHECK_THROWS_WITH(names.parse("grey", "colour"),
                    Contains("there is no colour 'grey'") && Contains("known are blue, red and green"));
  CHECK(enum_names<Colour>({{Colour::red, "red"}}).list() == "red");
}
