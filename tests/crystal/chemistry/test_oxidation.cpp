// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/file.hpp"
#include "ionsift/crystal/chemistry/element.hpp"
#include "ionsift/crystal/chemistry/oxidation.hpp"
#include "ionsift/crystal/read/read.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace ionsift;
using namespace ionsift::crystal;

namespace {

double state(const std::string& formula, const std::string& symbol) {
  const auto guess = guess_oxidation(Composition::parse(formula));
  return guess.found() ? guess.states.at(*atomic_number_of(symbol)) : 0;
}

int sign(double x) {
  return (x > 0) - (x < 0);
}

} // namespace

TEST_CASE("Salts, oxides and thiophosphates balance") {
  CHECK(state("LiCl", "Cl") == -1);
  CHECK(state("LiFePO4", "Fe") == 2);
  CHECK(state("Li7La3Zr2O12", "Zr") == 4);
  CHECK(state("Li6PS5Cl", "P") == 5);
  CHECK(state("Li10GeP2S12", "Ge") == 4);
  CHECK(state("Li9B19S33", "B") == 3);
  CHECK(state("LiClO4", "Cl") == 7);
  CHECK(state("Li2PtO3", "Pt") == 4);
}

TEST_CASE("Hydrogen is a cation or an anion by its partners") {
  CHECK(state("LiBH4", "H") == -1);
  CHECK(state("LiAlH4", "H") == -1);
  CHECK(state("LiNH2", "H") == 1);
  CHECK(state("LiH2PO4", "H") == 1);
}

TEST_CASE("Fractional amounts and mixed valence") {
  CHECK(state("Li6.5La3Zr1.5Ta0.5O12", "Ta") == 5);
  CHECK(state("Li1.3Al0.3Ti1.7P3O12", "Ti") == 4);
  CHECK(state("Li0.5CoO2", "Co") == Approx(3.5));
  CHECK(state("Fe3O4", "Fe") == Approx(8.0 / 3));
  CHECK(state("Li2O2", "O") == -1);
}

TEST_CASE("A non-metal may be cation and anion at once where no other assignment balances") {
  CHECK(state("LiBNH7", "H") == Approx(-1.0 / 7)); // LiBH4 with NH3
  CHECK(state("LiBNH7", "B") == 3);
  CHECK(state("LiBH4H2O", "O") == -2);
}

TEST_CASE("As a last resort the anion is partly neutral") {
  CHECK(state("LiC6", "C") == Approx(-1.0 / 6));
  CHECK(state("LiN3", "N") == Approx(-1.0 / 3));
  CHECK(state("LiO2", "O") == Approx(-0.5));
}

TEST_CASE("Metals and elements do not balance") {
  for (const char* formula : {"Li", "LiAl", "LiZn", "Li2Pd", "LiFe", "LiAu3", "Li22Si5", "O2", "LiHe"}) {
    CAPTURE(formula);
    CHECK_FALSE(guess_oxidation(Composition::parse(formula)).found());
  }
  CHECK_FALSE(guess_oxidation(Composition{}).found());
}

TEST_CASE("A small residual is accepted and recorded") {
  const auto guess = guess_oxidation(Composition::parse("Li6.9La3Zr2O12"));
  REQUIRE(guess.found());
  CHECK(guess.residual_charge == Approx(-0.1));
  OxidationOptions exact;
  exact.tolerance = 0;
  const auto mixed = guess_oxidation(Composition::parse("Li7La3Zr2O11.99"), exact);
  CHECK(std::abs(mixed.residual_charge) < 1e-9);
}

TEST_CASE("Scaling a formula does not change its states") {
  const auto once = guess_oxidation(Composition::parse("Li3N"));
  const auto often = guess_oxidation(Composition::parse("Li300N100"));
  CHECK(once.states == often.states);
}

TEST_CASE("The search is bounded, even with many elements of many states") {
  const auto many =
      Composition::parse("Li1V2Cr3Mn5Fe7Co11Ni13Cu17Mo19Ru23Re29W31S37Se41Te43P47As53C59N61Cl67");
  CHECK(guess_oxidation(many).nodes <= OxidationOptions{}.max_nodes);
  OxidationOptions few;
  few.max_nodes = 100;
  CHECK(guess_oxidation(many, few).nodes == 100);
  // Compositions in databases need far fewer nodes: at most 1,000 in 22,076 real crystals.
  CHECK(guess_oxidation(Composition::parse("Li7La3Zr2O12")).nodes < 200);
  OxidationOptions none;
  none.max_nodes = 1;
  CHECK_FALSE(guess_oxidation(Composition::parse("LiFePO4"), none).found());
}

TEST_CASE("Signs of 60 crystals with known oxidation numbers", "[data]") {
  int same = 0;
  int all = 0;
  int most_nodes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(test::data() / "reference/cifs")) {
    const auto results = read_entry(read_file(entry.path()), {"", ""});
    const auto& crystal = std::get<Crystal>(results.front());
    REQUIRE(crystal.oxidation_source == OxidationSource::given);
    const auto guess = guess_oxidation(crystal.composition());
    most_nodes = std::max(most_nodes, guess.nodes);
    for (const Orbit& orbit : crystal.orbits) {
      for (const Species& species : orbit.species) {
        const double guessed = guess.found() ? guess.states.at(species.atomic_number) : 0;
        same += sign(guessed) == sign(species.oxidation) ? 1 : 0;
        ++all;
      }
    }
  }
  CHECK(all > 400);
  CHECK(same >= 0.99 * all);
  CHECK(most_nodes < 1000);
  WARN(same << " of " << all << " signs, at most " << most_nodes << " nodes");
}
