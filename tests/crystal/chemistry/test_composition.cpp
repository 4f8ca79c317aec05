// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/crystal/chemistry/composition.hpp"
#include "ionsift/crystal/chemistry/element.hpp"
#include "ionsift/crystal/crystal.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>

using namespace ionsift;
using namespace ionsift::crystal;

TEST_CASE("Formulas with fractions and brackets") {
  const auto garnet = Composition::parse("Li6.5 La3 Zr1.5 Ta0.5 O12");
  CHECK(garnet.amount(3) == 6.5);
  CHECK(garnet.amount(73) == 0.5);
  CHECK(garnet.amount(11) == 0);
  CHECK(garnet.total() == Approx(23.5));

  const auto nitride = Composition::parse("(Li0.9Na0.1)3N");
  CHECK(nitride.amount(3) == Approx(2.7));
  CHECK(nitride.amount(11) == Approx(0.3));
  CHECK(nitride.amount(7) == 1);

  const auto nested = Composition::parse("Li[Al(OH)2]2");
  CHECK(nested.amount(8) == 4);
  CHECK(nested.amount(1) == 4);
  CHECK(Composition::parse("D2O").amount(1) == 2);
}

TEST_CASE("Hydrates and other joined parts") {
  using Amounts = std::map<std::string, double>;
  const std::map<std::string, Amounts> cases = {
      {"LiClO4.3H2O", {{"Li", 1}, {"Cl", 1}, {"O", 7}, {"H", 6}}},
      {"LiClO4·3H2O", {{"Li", 1}, {"Cl", 1}, {"O", 7}, {"H", 6}}},
      {"LiClO4 * 3H2O", {{"Li", 1}, {"Cl", 1}, {"O", 7}, {"H", 6}}},
      {"LiClO4 . 3 H2O", {{"Li", 1}, {"Cl", 1}, {"O", 7}, {"H", 6}}},
      {"LiCl.2H2O", {{"Li", 1}, {"Cl", 1}, {"O", 2}, {"H", 4}}},
      {"LiCl.H2O", {{"Li", 1}, {"Cl", 1}, {"O", 1}, {"H", 2}}},
      {"LiCl.2D2O", {{"Li", 1}, {"Cl", 1}, {"O", 2}, {"H", 4}}},
      {"Li2SO4.H2O", {{"Li", 2}, {"S", 1}, {"O", 5}, {"H", 2}}},
      {"Li2SO4·H2O", {{"Li", 2}, {"S", 1}, {"O", 5}, {"H", 2}}},
      {"LiOH*H2O", {{"Li", 1}, {"O", 2}, {"H", 3}}},
      {"Mg(ClO4)2.6H2O", {{"Mg", 1}, {"Cl", 2}, {"O", 14}, {"H", 12}}},
      {"CaSO4.0.5H2O", {{"Ca", 1}, {"S", 1}, {"O", 4.5}, {"H", 1}}},
      {"CaSO4·1/2H2O", {{"Ca", 1}, {"S", 1}, {"O", 4.5}, {"H", 1}}},
      {"Na0.5CoO2·1.3H2O", {{"Na", 0.5}, {"Co", 1}, {"O", 3.3}, {"H", 2.6}}},
      {"75Li2S·25P2S5", {{"Li", 150}, {"P", 50}, {"S", 200}}},
      // Decimal points in amounts, which do not join parts.
      {"Li0.5H2O", {{"Li", 0.5}, {"H", 2}, {"O", 1}}},
      {"Li.5Na.5Cl", {{"Li", 0.5}, {"Na", 0.5}, {"Cl", 1}}},
      {"Li1.2(Li0.1Mn1.9)O4", {{"Li", 1.3}, {"Mn", 1.9}, {"O", 4}}},
      {"Li3OCl0.5Br0.5", {{"Li", 3}, {"O", 1}, {"Cl", 0.5}, {"Br", 0.5}}},
      {"Li5.5PS4.5Cl1.5", {{"Li", 5.5}, {"P", 1}, {"S", 4.5}, {"Cl", 1.5}}},
      {"Li3PS4H2O", {{"Li", 3}, {"P", 1}, {"S", 4}, {"H", 2}, {"O", 1}}}};
  for (const auto& [text, expected] : cases) {
    CAPTURE(text);
    const Composition found = Composition::parse(text);
    CHECK(found.amounts().size() == expected.size());
    for (const auto& [symbol, amount] : expected) {
      CAPTURE(symbol);
      CHECK(found.amount(atomic_number_of(symbol).value()) == Approx(amount));
    }
  }
  for (const char* text : {"CoO2.1.3H2O", "Li2O.2B2O3", "LiCl 2H2O", "K(LiCl.2H2O)2"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH(Composition::parse(text), Catch::Contains("is ambiguous") && Catch::Contains(text));
  }
  for (const char* text : {"Li0.5.", "LiCl.", "LiCl·", "LiCl*", "2LiCl", "LiCl..H2O", "·LiCl", "LiCl·0/0H2O",
                           "LiCl.xH2O", "LiCl+H2O", "1.0"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(Composition::parse(text), Error);
  }
}

TEST_CASE("Formulas that cannot be read are refused with the position of the error") {
  CHECK_THROWS_AS(Composition::parse(""), Error);
  CHECK_THROWS_AS(Composition::parse("Li(OH"), Error);
  CHECK_THROWS_AS(Composition::parse("Li)"), Error);
  CHECK_THROWS_AS(Composition::parse("Li1.2.3"), Error);
  CHECK_THROWS_WITH(Composition::parse("LiQx2"), Catch::Contains("'Qx'"));
  CHECK_THROWS_WITH(Composition::parse("Li2+"), Catch::Contains("'+' at position 4"));
  CHECK_THROWS_AS(Composition::parse(std::string(1000, '(')), Error);
}

TEST_CASE("Formulas are written by electronegativity, systems by the alphabet") {
  CHECK(Composition::parse("O12 Zr1.5 La3 Ta.5 Li6.5").formula() == "Li6.5La3Zr1.5Ta0.5O12");
  CHECK(Composition::parse("O4PFeLi").formula() == "LiFePO4");
  CHECK(Composition::parse("O4PFeLi").chemical_system() == "Fe-Li-O-P");
  CHECK(Composition::parse("Li0.12345O").formula(2) == "Li0.12O");
}

TEST_CASE("Reduction needs whole amounts") {
  CHECK(Composition::parse("Li16 Ge4 O16").reduced().formula() == "Li4GeO4");
  CHECK(Composition::parse("Li2.0004 O1").reduced().formula() == "Li2O");
  CHECK(Composition::parse("Li1.5 O3").reduced().formula() == "Li1.5O3");
}

TEST_CASE("Fractions") {
  const auto oxide = Composition::parse("Li2O");
  CHECK(oxide.fraction(3) == Approx(2.0 / 3));
  CHECK(oxide.normalized().total() == Approx(1));
  CHECK(Composition().fraction(3) == 0);
  CHECK(Composition().formula().empty());
}

TEST_CASE("A formula unit is the cell's content over the greatest common divisor of its orbits") {
  ionsift::crystal::Crystal spinel; // Li4Ti5O12 as (Li)8a (Li,Ti)16d (O)32e
  spinel.orbits = {{"Li1", {{3, 1.0, 1}}, 0, 8},
                   {"M", {{3, 1 / 6.0, 1}, {22, 5 / 6.0, 4}}, 8, 16},
                   {"O", {{8, 1.0, -2}}, 24, 32}};
  CHECK(spinel.formula_unit().formula() == "Li1.333Ti1.667O4");
  ionsift::crystal::Crystal salt;
  salt.orbits = {{"Li", {{3, 1.0, 1}}, 0, 4}, {"F", {{9, 1.0, -1}}, 4, 4}};
  CHECK(salt.formula_unit().formula() == "LiF");
}
