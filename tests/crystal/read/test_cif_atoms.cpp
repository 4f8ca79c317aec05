// SPDX-License-Identifier: BSD-3-Clause
// Atoms in CIFs: species, occupancies, oxidation numbers, oddities.
#include "cif_text.hpp"

using namespace ionsift;
using namespace ionsift::crystal;
using namespace ionsift::test;

namespace {

const std::string inversion = operators({"x,y,z", "-x,-y,-z"});

CifText with_atoms(const std::string& atoms) {
  CifText cif;
  cif.symmetry = inversion;
  cif.atoms = atoms;
  return cif;
}

ReadOptions level(Strictness strictness) {
  ReadOptions options;
  options.strictness = strictness;
  return options;
}

} // namespace

TEST_CASE("Species listed on several lines at one position are one site") {
  const Crystal same =
      read_one(with_atoms("Na1 Na 0.1 0.2 0.3 0.25\nLi1 Li 0.1 0.2 0.3 0.75\nF1 F 0.6 0.2 0.3 1"));
  REQUIRE(same.orbits.size() == 2);
  CHECK(same.sites.size() == 4);
  REQUIRE(same.orbits[0].species.size() == 2);
  CHECK(same.orbits[0].species[0] == Species{3, 0.75, 1});
  CHECK(same.orbits[0].species[1] == Species{11, 0.25, 1});
  // The second line may also give an equivalent position.
  const Crystal equivalent =
      read_one(with_atoms("Li1 Li 0.1 0.2 0.3 0.75\nNa1 Na 0.9 0.8 0.7 0.25\nF1 F 0.6 0.2 0.3 1"));
  CHECK(equivalent.sites.size() == 4);
  CHECK(equivalent.orbits[0].species == same.orbits[0].species);
}

TEST_CASE("Occupancies: uncertainties, unknown values, vacancies") {
  const Crystal crystal =
      read_one(with_atoms("Li1 Li 0 0 0 0.707(2)\nLi2 Li .5 0 0 ?\nCl1 Cl 0.5 0.5 0.5(1) ."));
  CHECK(crystal.orbits[0].species[0].occupancy == 0.707);
  CHECK(crystal.orbits[1].species[0].occupancy == 1);
  CHECK(crystal.orbits[2].species[0].occupancy == 1);
  CHECK_FALSE(crystal.is_ordered());
}

TEST_CASE("Sums above 1 are rescaled or refused, depending on the level") {
  const CifText rounding = with_atoms("Li1 Li 0 0 0 0.5005\nNa1 Na 0 0 0 0.5\nCl1 Cl .5 .5 .5 1");
  const CifText large = with_atoms("Li1 Li 0 0 0 0.9\nNa1 Na 0 0 0 0.6\nCl1 Cl .5 .5 .5 1");
  const CifText absurd = with_atoms("Li1 Li 0 0 0 2.5\nCl1 Cl .5 .5 .5 1");

  CHECK(read_one(rounding, level(Strictness::strict)).composition().total() == Approx(2));
  CHECK(read_failure(large, level(Strictness::strict)).code == ErrorCode::data);
  const Crystal rescaled = read_one(large);
  CHECK(rescaled.orbits[0].species[0].occupancy == Approx(0.6));
  CHECK(warning(rescaled, "occupancy_rescaled").find("1 sites") != std::string::npos);
  CHECK(read_failure(absurd).message.find("sum to 2.5") != std::string::npos);
  CHECK(read_one(absurd, level(Strictness::tolerant)).composition().formula() == "LiCl");
}

TEST_CASE("A fully occupied atom that is listed twice is one atom") {
  const CifText cif = with_atoms("Li1 Li 0 0 0 1\nLi2 Li 1 1 0 1\nLi3 Li 0 1 0 1\nCl1 Cl .5 .5 .5 1");
  const Crystal crystal = read_one(cif);
  CHECK(crystal.composition().formula() == "LiCl");
  CHECK(warning(crystal, "duplicate_atoms").find("2 fully occupied") != std::string::npos);
  CHECK(read_failure(cif, level(Strictness::strict)).code == ErrorCode::data);
}

TEST_CASE("Oxidation numbers of the file, from the list and from the symbols") {
  CifText cif =
      with_atoms("Li1 Li1+ 0 0 0 1\nFe1 Fe+3 0.5 0 0 0.5\nFe2 Fe2+ 0.5 0 0 0.5\nO1 O2- 0.5 0.5 0.5 1");
  const Crystal by_symbol = read_one(cif);
  CHECK(by_symbol.oxidation_source == OxidationSource::given);
  REQUIRE(by_symbol.orbits[1].species.size() == 2);
  CHECK(by_symbol.orbits[1].species[0].oxidation == 2);
  CHECK(by_symbol.orbits[1].species[1].oxidation == 3);
  CHECK(by_symbol.residual_charge == Approx(1 + 2.5 - 2));

  cif = with_atoms("Li1 Li 0 0 0 1\nCl1 Cl .5 .5 .5 1");
  cif.more = "loop_\n_atom_type_symbol\n_atom_type_oxidation_number\nLi 1\nCl -1(0)";
  const Crystal by_list = read_one(cif);
  CHECK(by_list.oxidation_source == OxidationSource::given);
  CHECK(by_list.orbits[1].species[0].oxidation == -1);
  // A list that lacks an element is not used for the crystal.
  cif.more = "loop_\n_atom_type_symbol\n_atom_type_oxidation_number\nLi 1\nCl ?";
  CHECK(read_one(cif).oxidation_source == OxidationSource::guessed);
}

TEST_CASE("Zeros are neutral, and so are compositions that cannot be balanced") {
  const Crystal zeros = read_one(with_atoms("Li1 Li0+ 0 0 0 1\nZn1 Zn0+ .5 .5 .5 1"));
  CHECK(zeros.oxidation_source == OxidationSource::neutral);
  CHECK(zeros.is_intermetallic());
  const Crystal alloy = read_one(with_atoms("Li1 Li 0 0 0 1\nZn1 Zn .5 .5 .5 1"));
  CHECK(alloy.is_intermetallic());
  CHECK(alloy.residual_charge == 0);
}

TEST_CASE("Deuterium, dummies, calculated dummies and empty sites") {
  CifText cif = with_atoms("D1 D 0 0 0 1 .\nLi1 Li .5 0 0 1 .\nV1 Vac 0 .5 0 1 .\nX1 X 0 0 .5 1 .\n"
                           "H9 H .1 .1 .1 1 dum\nNa1 Na .2 .2 .2 0 .");
  cif.columns += " _atom_site_calc_flag";
  const Crystal crystal = read_one(cif);
  CHECK(crystal.composition().formula() == "LiH");
  CHECK(warning(crystal, "dummy_atoms").find("3 positions") != std::string::npos);
  CHECK(warning(crystal, "zero_occupancy").find("1 atoms") != std::string::npos);
}

TEST_CASE("Labels without type symbols") {
  CifText cif;
  cif.symmetry = inversion;
  cif.columns = "_atom_site_label _atom_site_fract_x _atom_site_fract_y _atom_site_fract_z";
  cif.atoms = "Li1A 0 0 0\nCL2 .5 .5 .5\nO1W .5 0 0\nSi(3) 0 .5 0";
  cif.more = "_chemical_formula_sum 'Li Cl O Si'";
  CHECK(read_one(cif).composition().formula() == "LiSiClO");
  // Carbon or calcium: the formula decides.
  cif.atoms = "CA1 0 0 0\nO1 .5 .5 .5";
  cif.more = "_chemical_formula_sum 'Ca O'";
  CHECK(read_one(cif).composition().formula() == "CaO");
  cif.more = "_chemical_formula_sum 'C O'";
  CHECK(read_one(cif).composition().formula() == "CO");
}

TEST_CASE("Water and hydroxide written as one atom keep their oxygen, with a warning") {
  const Crystal crystal = read_one(with_atoms("Li1 Li 0 0 0 1\nO1 OH .5 .5 .5 1"));
  CHECK(crystal.composition().formula() == "LiO");
  CHECK_FALSE(warning(crystal, "implied_hydrogen").empty());
}

TEST_CASE("The declared formula is compared, also in formula units") {
  CifText cif = with_atoms("Li1 Li 0.1 0 0 1\nCl1 Cl .5 .4 .5 1");
  const auto mismatch = [&](const std::string& declared) {
    cif.more = declared;
    return warning(read_one(cif), "formula_mismatch");
  };
  CHECK(mismatch("_chemical_formula_sum 'Li2 Cl2'").empty());
  CHECK(mismatch("_chemical_formula_sum 'Li Cl'\n_cell_formula_units_Z 2").empty());
  CHECK(mismatch("_chemical_formula_sum 'Li2 Cl2'\n_cell_formula_units_Z 2").empty());
  CHECK(mismatch("_chemical_formula_sum 'Li Cl'").empty());
  CHECK(mismatch("_chemical_formula_sum 'Li Cl'\n_cell_formula_units_Z 4").find("declared are 4") !=
        std::string::npos);
  CHECK_FALSE(mismatch("_chemical_formula_sum 'Li2 Cl'").empty());
  CHECK_FALSE(mismatch("_chemical_formula_sum 'Li2 Cl2 O'").empty());
  cif.more = "_chemical_formula_sum 'Li2 Foo'";
  CHECK_FALSE(warning(read_one(cif), "formula_unreadable").empty());
}
