// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/crystal/chemistry/element.hpp"

#include <catch2/catch.hpp>

using namespace ionsift;
using namespace ionsift::crystal;

TEST_CASE("Every element has a symbol that leads back to it") {
  for (int z = 1; z <= max_atomic_number; ++z) {
    CAPTURE(z);
    CHECK(element(z).atomic_number == z);
    CHECK(atomic_number_of(element(z).symbol) == z);
  }
}

TEST_CASE("Facts about some elements") {
  CHECK(element(3).symbol == "Li");
  CHECK(element(3).modified_pettifor == 11);
  CHECK(element(8).electronegativity == 3.44);
  CHECK(element(2).electronegativity == 0);
  CHECK(element(2).oxidation_states.empty());
  REQUIRE(element(16).oxidation_states.size() == 10);
  CHECK(element(16).oxidation_states.front().value == -2);
  CHECK(element(16).oxidation_states.front().occurrences == 5711);
  CHECK(element(16).oxidation_states.back().value == 7);
}

TEST_CASE("States are listed in ascending order") {
  for (int z = 1; z <= max_atomic_number; ++z) {
    const auto states = element(z).oxidation_states;
    for (std::size_t i = 1; i < states.size(); ++i) {
      CHECK(states[i - 1].value < states[i].value);
    }
  }
}

TEST_CASE("Symbols in any letter case; deuterium and tritium are hydrogen") {
  CHECK(atomic_number_of("LI") == 3);
  CHECK(atomic_number_of("cl") == 17);
  CHECK(atomic_number_of("D") == 1);
  CHECK(atomic_number_of("T") == 1);
  CHECK_FALSE(atomic_number_of("X"));
  CHECK_FALSE(atomic_number_of(""));
  CHECK_FALSE(atomic_number_of("Li1"));
  CHECK_FALSE(atomic_number_of("[]"));
}

TEST_CASE("Atomic numbers that do not exist are refused") {
  CHECK_THROWS_AS(element(0), Error);
  CHECK_THROWS_AS(element(104), Error);
}
