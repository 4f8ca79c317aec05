// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/dataset/descriptors/chemistry.hpp"
#include "ionsift/dataset/labels/known_compounds.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace ionsift;
using namespace ionsift::dataset;
using Catch::Matchers::Contains;

namespace {

std::string chemistry(const char* formula) {
  return chemistry_of(crystal::Composition::parse(formula));
}

double rule(const char* formula) {
  return rule_of_thumb(crystal::Composition::parse(formula));
}

} // namespace

TEST_CASE("a chemistry is the majority anion and the main cation") {
  CHECK(chemistry("Li10GeP2S12") == "Q-P");
  CHECK(chemistry("Li6PS5Cl") == "Q-P");
  CHECK(chemistry("Li1.3Al0.3Ti1.7P3O12") == "O-P");
  CHECK(chemistry("Li0.33La0.56TiO3") == "O-Ti");
  CHECK(chemistry("Li7La3Zr2O12") == "O-La");
  CHECK(chemistry("Li3YCl6") == "X-*");
  CHECK(chemistry("Li3OCl") == "O--"); // equal amounts: oxygen comes first
  CHECK(chemistry("Li2SO4") == "O-S");
  CHECK(chemistry("LiBH4") == "H-*");
  CHECK(chemistry("Li3N") == "N-*");
  CHECK(chemistry("Li3P") == "P-*");
  CHECK(chemistry("LiAl") == "-");
  CHECK(anion_class_of(crystal::Composition::parse("Li2Se")) == "Q");
}

TEST_CASE("the rule of thumb prefers soft anions, then lithium") {
  CHECK(rule("Li3PS4") > rule("Li3PO4"));
  CHECK(rule("Li7P3S11") < rule("Li3PS4"));
  CHECK(rule("LiCl") > rule("Li2O"));
  CHECK(rule("Li2SO4") < 1); // sulfur as a cation
}

TEST_CASE("tables of known compounds are read by the names of their columns") {
  const auto file = test::scratch("known") / "known.csv";
  std::ofstream(file)
      << "id,superionic,first_year,first_superionic_year,chemistry\na,1,2005,2010,Q-P\nb,0,,,\n";
  const auto known = read_known_compounds(file);
  CHECK(known.at("a").superionic);
  CHECK(known.at("a").first_superionic_year == 2010);
  CHECK(known.at("b").first_year == 0);
  std::ofstream(file) << "id,superionic,first_year\na,1,soon\n";
  CHECK_THROWS_WITH(read_known_compounds(file), Contains("\"soon\" is not a number"));
  std::ofstream(file) << "id,superionic\na,1\na,0\n";
  CHECK_THROWS_WITH(read_known_compounds(file), Contains("a occurs twice"));
  std::ofstream(file) << "id,log10_conductivity\na,-3\n";
  CHECK_THROWS_WITH(read_known_compounds(file, true), Contains("no column superionic"));
  std::ofstream(file) << "id,year\na,2001\nb,\n";
  const auto when = read_measured_when(file, "", {});
  CHECK(when.at("a").year == 2001);
  CHECK(when.at("b").year == 0);
  std::ofstream(file) << "id,year\nLi3N.cif,2001\nb,2002\n";
  const auto matched = read_measured_when(file, "", {"li3n", "c"});
  CHECK(matched.at("li3n").year == 2001);
  CHECK(matched.at("b").year == 2002);
}

TEST_CASE("a table of own measurements needs a name or a formula, and has its own unit") {
  const auto file = test::scratch("known-of-a-group") / "known.csv";
  std::ofstream(file)
      << "Compound,sigma (mS/cm),DOI\nLi6PS5Cl,1.9,10.1/x\nLi3PO4,<1e-9,\nLi2S,,in house\n,,\n";
  const auto known = read_known_compounds(file);
  REQUIRE(known.size() == 3);
  const auto& fast = known.at("Li6PS5Cl");
  CHECK(fast.composition == "Li6PS5Cl");
  CHECK(fast.log10_conductivity == Approx(std::log10(1.9e-3)));
  CHECK(fast.superionic);
  CHECK(fast.class_known);
  CHECK(fast.reference == "10.1/x");
  CHECK_FALSE(fast.upper_bound);
  CHECK_FALSE(known.at("Li3PO4").superionic);
  CHECK(known.at("Li3PO4").upper_bound);
  CHECK_FALSE(known.at("Li2S").class_known);
  CHECK(std::isnan(known.at("Li2S").log10_conductivity));
  CHECK(known.at("Li2S").reference == "in house");
  std::ofstream(file) << "id,composition,sigma (S/cm)\nx1,Li3N,much\n";
  CHECK_THROWS_WITH(read_known_compounds(file), Contains("row 1") && Contains("much"));
  std::ofstream(file) << "colour,sigma (S/cm)\nred,1e-3\n";
  CHECK_THROWS_AS(read_known_compounds(file), Error);
}
