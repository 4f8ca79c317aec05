// SPDX-License-Identifier: BSD-3-Clause
// Names of atoms: type symbols, mixtures, labels.
#include "ionsift/crystal/chemistry/element.hpp"

#include "chemistry/species_symbol.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <map>
#include <string>

using namespace ionsift::crystal;

namespace {

/// "Nb 0.8 +5, Zr 0.2 +4"
std::string written(const std::string& symbol) {
  const auto parts = parse_mixture(symbol);
  if (!parts) {
    return "none";
  }
  std::string text;
  for (const MixturePart& part : *parts) {
    text += fmt::format("{}{} {:.6g}", text.empty() ? "" : ", ", element(part.symbol.atomic_number).symbol,
                        part.amount);
    text += part.symbol.oxidation ? fmt::format(" {:+g}", *part.symbol.oxidation) : "";
    text += part.symbol.implies_hydrogen ? " H" : "";
  }
  return text;
}

std::string type(const std::string& symbol) {
  const auto parsed = parse_type_symbol(symbol);
  if (!parsed) {
    return "none";
  }
  if (parsed->is_dummy()) {
    return "dummy";
  }
  return std::string(element(parsed->atomic_number).symbol) +
         (parsed->oxidation ? fmt::format(" {:+g}", *parsed->oxidation) : "") +
         (parsed->implies_hydrogen ? " H" : "");
}

std::string label(const std::string& text, const std::string& formula = "") {
  std::optional<Composition> declared;
  if (!formula.empty()) {
    declared = Composition::parse(formula);
  }
  const auto reading = parse_label(text, declared ? &*declared : nullptr);
  if (!reading) {
    return "none";
  }
  if (reading->symbol.is_dummy()) {
    return "dummy";
  }
  return std::string(element(reading->symbol.atomic_number).symbol) +
         (reading->symbol.implies_hydrogen ? " H" : "") + (reading->doubtful ? " ?" : "");
}

} // namespace

TEST_CASE("Mixtures in type symbols") {
  const std::map<std::string, std::string> cases = {
      {"0.8Nb + 0.2Zr", "Nb 0.8, Zr 0.2"},
      {"0.8Nb+0.2Zr", "Nb 0.8, Zr 0.2"},
      {"0.75(2)Si+0.25Al", "Si 0.75, Al 0.25"},
      {"0.615(5)Li + 0.385(5)Mg", "Li 0.615, Mg 0.385"},
      {"0.8 Nb + 0.2 Zr", "Nb 0.8, Zr 0.2"},
      {"0.8Nb5+ + 0.2Zr4+", "Nb 0.8 +5, Zr 0.2 +4"},
      {"0.8Nb5+0.2Zr4+", "Nb 0.8 +5, Zr 0.2 +4"},
      {"0.8Nb+5 + 0.2Zr+4", "Nb 0.8 +5, Zr 0.2 +4"},
      {"0.5Li+ + 0.5Na+", "Li 0.5 +1, Na 0.5 +1"},
      {"0.5Cl- + 0.5Br-", "Cl 0.5 -1, Br 0.5 -1"},
      {"0.5O2-,0.5S2-", "O 0.5 -2, S 0.5 -2"},
      {"Nb5+0.8Zr4+0.2", "Nb 0.8 +5, Zr 0.2 +4"},
      {"Nb5+ 0.8, Zr4+ 0.2", "Nb 0.8 +5, Zr 0.2 +4"},
      {"Nb+5 0.8 Zr+4 0.2", "Nb 0.8 +5, Zr 0.2 +4"},
      {"Li+0.5Na+0.5", "Li 0.5 +1, Na 0.5 +1"},
      {"Li0.5Na0.5", "Li 0.5, Na 0.5"},
      {"Li0.5+Na0.5", "Li 0.5, Na 0.5"},
      {"Li.5Na.3", "Li 0.5, Na 0.3"},
      {"Fe0.5/Ni0.5", "Fe 0.5, Ni 0.5"},
      {"0.5Fe/0.3Ni", "Fe 0.5, Ni 0.3"},
      {"0.5Fe, 0.5Ni", "Fe 0.5, Ni 0.5"},
      {"0.5Fe;0.5Ni", "Fe 0.5, Ni 0.5"},
      {"0,8Nb + 0,2Zr", "Nb 0.8, Zr 0.2"},
      {"80%Nb + 20%Zr", "Nb 0.8, Zr 0.2"},
      {"0.33Ni+0.33Co+0.33Mn", "Ni 0.33, Co 0.33, Mn 0.33"},
      {"0.5OH + 0.5F", "O 0.5 H, F 0.5"},
      {"0.9Li + 0.1Vac", "Li 0.9"},
      {"0.6Li", "Li 0.6"},
      {"0.5NB+0.5ZR", "Nb 0.5, Zr 0.5"},
      {"0.8Nb(5+) + 0.2Zr(4+)", "Nb 0.8 +5, Zr 0.2 +4"},
      {"Nb(5+)0.8 Zr(4+)0.2", "Nb 0.8 +5, Zr 0.2 +4"},
      {"1/3Li + 2/3Na", "Li 0.333333, Na 0.666667"},
      {"Li1/2Na1/2", "Li 0.5, Na 0.5"},
      {"Li:0.5 Na:0.5", "Li 0.5, Na 0.5"},
      {"Li(0.5)Na(0.5)", "Li 0.5, Na 0.5"},
      {"(Li0.5Na0.5)", "Li 0.5, Na 0.5"},
      {"0.5Li|0.5Na", "Li 0.5, Na 0.5"},
      {"Li0.6[]0.4", "Li 0.6"},
      // A species is perhaps missing, or the number is a charge.
      {"0.8Nb+0.2", "none"},
      {"Li+0.5", "none"},
      {"1/0Li + 1Na", "none"},
      {"Li(2)Na(3)", "none"},
      {"Fe/Ni", "none"},
      {"Fe,Ni", "none"},
      {"Nb + 0.2Zr", "none"},
      {"Fe2O3", "none"},
      {"Fe2Ni1", "none"},
      {"2Fe", "none"},
      {"0.8Nb +", "none"},
      {"0.8Xq + 0.2Zr", "none"},
      {"Li", "none"},
      {"0.5", "none"},
      {"", "none"}};
  for (const auto& [symbol, expected] : cases) {
    CAPTURE(symbol);
    CHECK(written(symbol) == expected);
  }
}

TEST_CASE("Type symbols") {
  const std::map<std::string, std::string> cases = {
      {"Li", "Li"},         {"LI", "Li"},          {"Fe3+", "Fe +3"},   {"Fe+3", "Fe +3"},  {"O2-", "O -2"},
      {"Fe(III)", "Fe +3"}, {"Fe2.5+", "Fe +2.5"}, {"Fe1", "Fe"},       {"Cl-", "Cl -1"},   {"D", "H"},
      {"OH", "O H"},        {"OH-", "O H"},        {"HO-", "O H"},      {"Ho3+", "Ho +3"},  {"H2O", "O H"},
      {"NH4+", "N H"},      {"NH3", "N H"},        {"Wat", "O H"},      {"X", "dummy"},     {"Vac", "dummy"},
      {"Fe/Ni", "none"},    {"RE", "Re"},          {"M", "none"},       {"REE", "none"},    {"Fe,Ni", "none"},
      {"Fe+++", "Fe +3"},   {"O--", "O -2"},       {"Fe(3+)", "Fe +3"}, {"Li+0.5", "none"}, {"NH4(+)", "N H"},
      {"CH2", "C H"},       {"SH-", "S H"},        {"AlH4-", "Al H"},   {"NH", "N H"},      {"OD-", "O H"},
      {"RH", "Rh"},         {"TH", "Th"},          {"O(H)", "O H"},     {"CH3CN", "none"},  {"NH4+1", "N H"},
      {"Cval", "C"},        {"Fe?", "none"},       {"SO4", "none"},     {"Li0.5", "none"}};
  for (const auto& [symbol, expected] : cases) {
    CAPTURE(symbol);
    CHECK(type(symbol) == expected);
  }
}

TEST_CASE("Capitals that may stand for a group of atoms") {
  for (const char* group : {"HO", "NO", "NO3", "NO3-", "PO4", "CO3", "CO2"}) {
    CAPTURE(group);
    CHECK(may_be_group(group));
  }
  for (const char* element : {"CO", "CO2+", "HO3+", "Ho", "No", "Po", "Co3", "NI", "SO4"}) {
    CAPTURE(element);
    CHECK_FALSE(may_be_group(element));
  }
}

TEST_CASE("Labels") {
  // A label that spells an element is used, whatever the formula.
  CHECK(label("Se1", "Cu2 S2") == "Se");
  CHECK(label("Nb1", "Ta O N") == "Nb");
  CHECK(label("Co(1)", "C O") == "Co");
  CHECK(label("Li1A") == "Li");
  CHECK(label("LiA") == "Li");
  CHECK(label("Ox1") == "O ?");
  CHECK(label("Ox1", "Li2 O") == "O");
  // Capitals.
  CHECK(label("CA1", "Ca O") == "Ca");
  CHECK(label("CA1", "C O") == "C");
  CHECK(label("CA1", "Ca C O3") == "Ca");
  CHECK(label("CL1", "C2 Cl2 Li2") == "Cl");
  CHECK(label("CO(1)") == "Co ?");
  CHECK(label("NA1") == "Na ?");
  CHECK(label("TI1") == "Ti");
  CHECK(label("LI1") == "Li");
  CHECK(label("DY1") == "Dy");
  CHECK(label("NO1", "N O3") == "N");
  // Water and hydroxide.
  for (const char* water : {"Wat", "Wat1", "Wat(2)", "WAT1", "WatA", "Ow", "OW1", "OH", "OH1", "Oh2", "H2O",
                            "H2O1", "HOH", "H3O", "O-H1", "O1W", "O2w", "O_w1", "O(H)"}) {
    CAPTURE(water);
    CHECK(label(water) == "O H");
  }
  CHECK(label("W1") == "W");
  CHECK(label("NH4") == "N H");
  // The label spells a second element; oxygen is often named after its neighbour.
  CHECK(label("FeNi1") == "Fe ?");
  CHECK(label("Si-Al") == "Si ?");
  CHECK(label("NaK1") == "Na ?");
  CHECK(label("LiNa1", "Li Cl") == "Li");
  CHECK(label("LiNa1", "Li0.5 Na0.5 Cl") == "Li ?");
  CHECK(label("OSi1") == "O");
  CHECK(label("FeB1") == "Fe");
  CHECK(label("LiTet1") == "Li");
  CHECK(label("CG1") == "C ?");
  CHECK(label("Cg1") == "dummy");
  // Kinds of sites, and labels without an element.
  for (const char* kind : {"T",     "T1",     "T2A",     "M1",  "REE", "REE1",    "RE1",  "Ln1",
                           "TM1",   "Me",     "Cation1", "An1", "Hal", "Tet1",    "Oct2", "A1",
                           "Fe/Ni", "Fe,Ni1", "Mo,W",    "1",   "?",   "Li1/Na1", "Mo|W", "Si(1):Al"}) {
    CAPTURE(kind);
    CHECK(label(kind) == "none");
  }
  CHECK(label("RE1", "Re O3") == "Re");
  CHECK(label("Re1") == "Re");
  CHECK(parse_label("T1", nullptr, true)->symbol.atomic_number == 1);
  CHECK(label("Vac1") == "dummy");
  CHECK(label("Va1", "V O2") == "V");
}
