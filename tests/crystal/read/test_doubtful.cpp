// SPDX-License-Identifier: BSD-3-Clause
// Declarations of files, and how contradictions between them are resolved.
#include "ionsift/crystal/chemistry/oxidation.hpp"
#include "ionsift/crystal/formula.hpp"

#include "cif_text.hpp"

#include <fmt/format.h>

using namespace ionsift;
using namespace ionsift::crystal;
using namespace ionsift::test;

namespace {

const std::string inversion = operators({"x,y,z", "-x,-y,-z"});

ReadOptions level(Strictness strictness) {
  ReadOptions options;
  options.strictness = strictness;
  return options;
}

CifText with_atoms(const std::string& atoms) {
  CifText cif;
  cif.symmetry = inversion;
  cif.atoms = atoms;
  return cif;
}

bool warns(const CifText& cif, const std::string& code) {
  return !warning(read_one(cif), code).empty();
}

} // namespace

TEST_CASE("A mixture is multiplied by the occupancy, and shares its site") {
  const Crystal crystal =
      read_one(with_atoms("M1 '0.8Nb5+ + 0.2Zr4+' 0.1 0.2 0.3 0.5\nO1 O2- 0.6 0.4 0.1 1"));
  REQUIRE(crystal.orbits.size() == 2);
  REQUIRE(crystal.orbits[0].species.size() == 2);
  CHECK(crystal.orbits[0].species[0] == Species{40, 0.1, 4});
  CHECK(crystal.orbits[0].species[1] == Species{41, 0.4, 5});
  CHECK(crystal.oxidation_source == OxidationSource::given);
}

TEST_CASE("Unknown type symbols are named, and accepted at the tolerant level only") {
  const std::string symbol = GENERATE(as<std::string>{}, "Fe/Ni", "RE", "M", "T", "SO4");
  CAPTURE(symbol);
  const CifText cif = with_atoms("Fe1 " + symbol + " 0.1 0.2 0.3 1\nCl1 Cl 0.6 0.4 0.1 1");
  CHECK(read_failure(cif).message.find(symbol) != std::string::npos);
  CHECK(read_failure(cif, level(Strictness::strict)).code == ErrorCode::data);
  const Crystal tolerant = read_one(cif, level(Strictness::tolerant));
  CHECK(tolerant.sites.size() == 4);
  CHECK_FALSE(warning(tolerant, "doubtful_symbol").empty());
  CHECK((symbol == "T" || symbol == "RE" || tolerant.composition().formula() == "Fe2Cl2"));
}

TEST_CASE("Capitals that may be a group of atoms are an element if the formula contains it") {
  const auto [symbol, formula] = GENERATE(table<std::string, std::string>(
      {{"PO4", "Po Cl"}, {"NO3", "No Cl"}, {"HO", "Ho Cl"}, {"CO3", "Co Cl"}}));
  CAPTURE(symbol);
  CifText cif = with_atoms("M1 " + symbol + " 0.1 0.2 0.3 1\nCl1 Cl 0.6 0.4 0.1 1");
  CHECK(read_failure(cif).message.find("'" + symbol + "' may stand for a group") != std::string::npos);
  CHECK_FALSE(warning(read_one(cif, level(Strictness::tolerant)), "doubtful_symbol").empty());
  cif.more = "_chemical_formula_sum '" + formula + "'";
  CHECK(read_one(cif).warnings.empty());
}

TEST_CASE("A type symbol that is a group with hydrogen is used whatever the label is") {
  const auto [symbol, expected] = GENERATE(table<std::string, std::string>(
      {{"NH4+", "N2Cl2"}, {"NH3", "N2Cl2"}, {"OH-", "Cl2O2"}, {"H2O", "Cl2O2"}, {"SH", "S2Cl2"}}));
  const CifText cif = with_atoms("Sb1 " + symbol + " 0.1 0.2 0.3 1\nCl1 Cl 0.6 0.4 0.1 1");
  CAPTURE(symbol);
  CHECK(read_one(cif).composition().formula() == expected);
  CHECK(warns(cif, "implied_hydrogen"));
  CHECK(read_failure(cif, level(Strictness::strict)).message.starts_with("implied_hydrogen"));
}

TEST_CASE("Dummies and unknown type symbols") {
  const auto kind = [](const std::string& label, const std::string& type) {
    return with_atoms(label + " " + type + " 0.1 0.2 0.3 1\nCl1 Cl 0.6 0.4 0.1 1");
  };
  CHECK(warns(kind("X1", "X"), "dummy_atoms"));
  CHECK(warns(kind("Vac1", "Vac"), "dummy_atoms"));
  CHECK(read_failure(kind("Li1", "X")).message.find("'X'") != std::string::npos);
  CHECK(read_one(kind("Li1", "?")).composition().formula() == "Li2Cl2"); // no type symbol: the label is used
  CHECK(read_one(kind("Li1", ".")).composition().formula() == "Li2Cl2");
  CHECK(read_failure(kind("M1", "?")).message.find("no type symbol") != std::string::npos);
  CHECK(read_failure(kind("Li1", "-")).message.find("'-'") != std::string::npos);
}

TEST_CASE("Oxygen of water does not imply hydrogen that is listed") {
  CifText cif;
  cif.symmetry = inversion;
  cif.columns = "_atom_site_label _atom_site_fract_x _atom_site_fract_y _atom_site_fract_z";
  cif.atoms = "Li1 0.1 0.2 0.3\nO1W 0.6 0.4 0.1";
  CHECK(warns(cif, "implied_hydrogen"));
  cif.atoms += "\nH1A 0.5 0.3 0.1\nH1B 0.7 0.3 0.1";
  CHECK_FALSE(warns(cif, "implied_hydrogen"));
  cif.atoms += "\nWat2 0.3 0.8 0.6";
  CHECK(warns(cif, "implied_hydrogen"));
}

TEST_CASE("T is tritium if the formula names it") {
  CHECK(read_one(with_atoms("T1 T 0.1 0.2 0.3 1\nLi1 Li 0.6 0.4 0.1 1")).composition().formula() == "Li2H2");
  CifText cif = with_atoms("T1 T 0.1 0.2 0.3 1\nSi1 Si 0.6 0.4 0.1 1");
  CHECK(read_failure(cif).message.find("T") != std::string::npos);
  cif.more = "_chemical_formula_sum 'Si T'";
  CHECK(read_one(cif).composition().formula() == "Si2H2");
}

TEST_CASE("Capitals follow the amounts of the formula") {
  CifText cif;
  cif.symmetry = inversion;
  cif.columns = "_atom_site_label _atom_site_fract_x _atom_site_fract_y _atom_site_fract_z";
  // With calcium alone, carbon of the formula would be missing: CO is carbon, CA calcium.
  cif.atoms = "CA1 0.1 0.2 0.3\nCO1 0.6 0.4 0.1\nO1 0.3 0.8 0.6";
  cif.more = "_chemical_formula_sum 'C Ca O'";
  CHECK(read_one(cif).composition().formula() == "Ca2C2O2");
  cif.atoms = "CA1 0.1 0.2 0.3\nCA2 0.6 0.4 0.1\nCL1 0.3 0.8 0.6";
  cif.more = "_chemical_formula_sum 'C2 Cl'";
  CHECK(read_one(cif).composition().formula() == "C4Cl2");
}

TEST_CASE("Hydrogen that is counted but has no position") {
  CifText cif = with_atoms("Li1 Li 0.1 0.2 0.3 1 0\nO1 O 0.6 0.4 0.1 1 1");
  cif.columns += " _atom_site_attached_hydrogens";
  CHECK(warns(cif, "implied_hydrogen"));
  for (const char* number : {"2.0", "1(1)", "0.5"}) {
    cif.atoms = std::string("Li1 Li 0.1 0.2 0.3 1 0\nO1 O 0.6 0.4 0.1 1 ") + number;
    CHECK(warns(cif, "implied_hydrogen"));
  }
  for (const char* number : {"0", "?", ".", "0.0"}) {
    cif.atoms = std::string("Li1 Li 0.1 0.2 0.3 1 0\nO1 O 0.6 0.4 0.1 1 ") + number;
    CHECK_FALSE(warns(cif, "implied_hydrogen"));
  }
}

TEST_CASE("Magnetic operators in three spellings") {
  const std::string spelling = GENERATE(
      as<std::string>{}, "_space_group_symop_magn_operation.xyz _space_group_symop_magn_centering.xyz",
      "_space_group_symop.magn_operation_xyz _space_group_symop.magn_centering_xyz",
      "_magnetic_space_group_symop_operation_xyz _magnetic_space_group_symop_centering_xyz");
  const auto gap = spelling.find(' ');
  CifText cif;
  cif.symmetry = "loop_\n" + spelling.substr(0, gap) + "\nx,y,z,+1\n-x,-y,-z,-1\nloop_\n" +
                 spelling.substr(gap + 1) + "\nx,y,z,+1\nx+1/2,y+1/2,z+1/2,-1\n";
  cif.atoms = "Ni1 Ni 0.1 0.2 0.3 1\nO1 O 0 0 0 1";
  CAPTURE(spelling);
  const Crystal crystal = read_one(cif);
  CHECK(crystal.sites.size() == 6);
  CHECK(warning(crystal, "no_symmetry").empty());
  CHECK(read_one(cif, level(Strictness::strict)).sites.size() == 6);
}

TEST_CASE("Superspace operators are reduced to space, and the strict level refuses modulated structures") {
  CifText cif;
  cif.symmetry = "_cell_modulation_dimension 1\nloop_\n_space_group_symop_ssg_operation_algebraic\n"
                 "x1,x2,x3,x4\n-x1,-x2,-x3,-x4\nx1+1/2,x2+1/2,x3,x4+1/2\n-x1+1/2,-x2+1/2,-x3,-x4+1/2";
  cif.atoms = "Li1 Li 0.1 0.2 0.3 1";
  CHECK(read_one(cif).sites.size() == 4);
  CHECK(warns(cif, "modulated_structure"));
  CHECK(read_failure(cif, level(Strictness::strict)).message.starts_with("modulated_structure"));
  CifText vectors = with_atoms("Li1 Li 0.1 0.2 0.3 1");
  vectors.more = "loop_\n_cell_wave_vector_seq_id\n_cell_wave_vector_x\n_cell_wave_vector_y\n1 0 0.3";
  CHECK(warns(vectors, "modulated_structure"));
  cif.symmetry = "loop_\n_space_group_symop_ssg_operation_algebraic\nx1,x2,x3,x4\n-x1,-x2,x4,-x3";
  CHECK(read_failure(cif).message.find("phase") != std::string::npos);
}

TEST_CASE("A cell that contradicts its operators") {
  const std::string fourfold = operators({"x,y,z", "-y,x,z", "-x,-y,z", "y,-x,z"});
  CifText cif;
  cif.symmetry = fourfold;
  cif.atoms = "Li1 Li 0.1 0.2 0.3 1\nCl1 Cl 0.5 0.5 0.1 1";
  cif.cell = "5.0 5.0 6 90 90 90";
  CHECK(read_one(cif).warnings.empty());
  cif.cell = "5.0 5.05 6 90 90 90"; // 1 %
  const Crystal near = read_one(cif);
  CHECK_FALSE(warning(near, "cell_mismatch").empty());
  CHECK(near.orbit_source == OrbitSource::environments);
  CHECK(near.orbits.size() == 3); // the fourfold axis is a twofold one
  CHECK(read_failure(cif, level(Strictness::strict)).message.starts_with("cell_mismatch"));
  cif.cell = "5.0 6.0 6 90 90 90";
  CHECK(read_failure(cif).message.find("symmetry of the operators") != std::string::npos);
  CHECK(read_one(cif, level(Strictness::tolerant)).orbits.size() == 3);
}

TEST_CASE("Missing angles follow from the symmetry") {
  CifText cif;
  cif.cell = "3 3 5 ? ? ?";
  cif.symmetry = "_symmetry_space_group_name_H-M 'P 63/m m c'";
  cif.atoms = "Mg1 Mg 0.3333 0.6667 0.25 1";
  CHECK(read_one(cif).volume() == Approx(9 * 5 * std::sqrt(0.75)));
  cif.symmetry = operators({"x,y,z", "y,z,x", "z,x,y"});
  cif.cell = "3 3 3 70 70 ?";
  CHECK(read_one(cif).volume() == Approx(read_one([&] {
                                           CifText whole = cif;
                                           whole.cell = "3 3 3 70 70 70";
                                           return whole;
                                         }())
                                             .volume()));
  cif.symmetry = inversion;
  CHECK(warning(read_one(cif), "missing_angle").find("taken as 90") != std::string::npos);
}

TEST_CASE("Rhombohedral groups without angles") {
  CifText cif;
  cif.symmetry = "_symmetry_space_group_name_H-M 'R -3 m'";
  cif.atoms = "Li1 Li 0.1 0.1 0.1 1";
  cif.cell = "3 3 14 ? ? ?";
  CHECK(read_one(cif).volume() == Approx(9 * 14 * std::sqrt(0.75)));
  cif.cell = "5 5 5 ? ? ?"; // the angle cannot be derived
  CHECK(warning(read_one(cif), "missing_angle").find("taken as 90") != std::string::npos);
}

TEST_CASE("The declared volume is compared") {
  CifText cif = with_atoms("Li1 Li 0.1 0.2 0.3 1");
  cif.more = "_cell_volume 179.4(2)";
  CHECK_FALSE(warns(cif, "volume_mismatch"));
  cif.more = "_cell_volume 179.4 A3";
  CHECK_FALSE(warns(cif, "volume_mismatch"));
  CHECK(warns(cif, "syntax_flaw"));
  cif.more = "_cell_volume 190 A3";
  CHECK(warns(cif, "volume_mismatch"));
  cif.more = "_cell_volume 190";
  CHECK(warns(cif, "volume_mismatch"));
}

TEST_CASE("Nearly special positions: only if a declared value confirms it, and for full atoms") {
  CifText cif = with_atoms("Li1 Li 0.0012 0 0 1\nCl1 Cl 0.5 0.5 0.5 1"); // 0.014 A apart
  CHECK(read_one(cif).sites.size() == 3);
  CHECK(warns(cif, "overlapping_atoms"));
  cif.more = "_chemical_formula_sum 'Li Cl'\n_cell_formula_units_Z 1";
  CHECK(read_one(cif).sites.size() == 2);
  CHECK(warns(cif, "near_special_position"));
  CHECK(read_failure(cif, level(Strictness::strict)).message.starts_with("near_special_position"));
  cif.more = "";
  cif.atoms = "Li1 Li 0.0012(8) 0 0 1\nCl1 Cl 0.5 0.5 0.5 1";
  CHECK(read_one(cif).sites.size() == 2);
  cif.atoms = "Li1 Li 0.02(1) 0 0 0.5\nCl1 Cl 0.5 0.5 0.5 1"; // a split site
  CHECK(read_one(cif).sites.size() == 3);
  CHECK(read_one(cif).warnings.empty());
}

TEST_CASE("Orders of site symmetries given as multiplicities") {
  CifText cif = with_atoms("Li1 Li 0.1 0.2 0.3 1 1\nCl1 Cl 0.5 0.5 0.5 1 2");
  cif.columns += " _atom_site_symmetry_multiplicity";
  CHECK(read_one(cif).warnings.empty());
  cif.atoms = "Li1 Li 0.1 0.2 0.3 1 2\nCl1 Cl 0.5 0.5 0.5 1 1";
  CHECK(read_one(cif).warnings.empty());
  cif.atoms = "Li1 Li 0.1 0.2 0.3 1 1\nCl1 Cl 0.5 0.5 0.5 1 1";
  CHECK(warns(cif, "multiplicity_mismatch"));
}

TEST_CASE("Overlapping atoms, but not split ones or hydrogen") {
  const auto overlaps = [](const std::string& second) {
    return warns(with_atoms("O1 O 0.1 0.2 0.3 1\n" + second), "overlapping_atoms");
  };
  CHECK(overlaps("S1 S 0.12 0.2 0.3 1"));
  CHECK(overlaps("S1 S 0.12 0.2 0.3 0.2"));
  CHECK_FALSE(overlaps("H1 H 0.15 0.2 0.3 1"));
  CHECK_FALSE(overlaps("S1 S 0.25 0.2 0.3 1"));
  CHECK_FALSE(warns(with_atoms("O1 O 0.1 0.2 0.3 0.6\nS1 S 0.12 0.2 0.3 0.4"), "overlapping_atoms"));
}

TEST_CASE("Operators that generate a group without a name are not confirmed by a name") {
  CifText cif;
  cif.cell = "4 4 19 90 90 120";
  cif.symmetry =
      "_symmetry_space_group_name_H-M 'P 63'\n" +
      operators({"x-y, x, z", "y, -x+y, z", "-x, -y, z+1/2", "-x+y, -x, z+1/3", "-y, x-y, z+2/3", "x, y, z"});
  cif.atoms = "In1 In 0.3333 0.6667 0.1 1\nSe1 Se 0.3333 0.6667 0.4 1";
  CHECK(read_failure(cif).message.find("not form a group") != std::string::npos);
}

TEST_CASE("A formula confirms P1 only together with Z") {
  const auto cell = [](const std::string& formula, const std::string& units) {
    CifText cif;
    cif.symmetry = "_symmetry_space_group_name_H-M 'P 21/q 1 1'";
    cif.atoms = "Li1 Li 0.1 0.2 0.3 1\nCl1 Cl 0.6 0.4 0.1 1";
    cif.more = "_chemical_formula_sum '" + formula + "'\n_cell_formula_units_Z " + units;
    return cif;
  };
  CHECK(warns(cell("Li Cl", "1"), "unknown_space_group"));
  CHECK(warns(cell("Li Cl", "1.0"), "unknown_space_group"));
  for (const char* units : {"4", "4.0", "4(1)", "?", "0", "many"}) {
    CAPTURE(units);
    CHECK(read_failure(cell("Li Cl", units)).message.find("unknown") != std::string::npos);
  }
  // An asymmetric unit of one formula unit, whose amounts are multiples of Z.
  CifText dimer = cell("Li2 Cl2", "2");
  dimer.atoms = "Li1 Li 0.1 0.2 0.3 1\nLi2 Li 0.4 0.7 0.8 1\nCl1 Cl 0.6 0.4 0.1 1\nCl2 Cl 0.9 0.8 0.6 1";
  CHECK(read_failure(dimer).message.find("unknown") != std::string::npos);
}

TEST_CASE("Short monoclinic symbols: the cell determines the axis") {
  const auto read_as = [](const std::string& name, const std::string& cell) {
    CifText cif;
    cif.symmetry = name;
    cif.cell = cell;
    cif.atoms = "Li1 Li 0.1 0.2 0.3 1\nCl1 Cl 0.6 0.4 0.1 1";
    const std::string text = warning(read_one(cif), "symmetry_by_name");
    return text.substr(text.find("read as ") + 8);
  };
  const std::string a = "5 6 7 105 90 90";
  const std::string b = "5 6 7 90 105 90";
  const std::string c = "5 6 7 90 90 105";
  const auto named = [](const std::string& symbol) {
    return "_symmetry_space_group_name_H-M '" + symbol + "'";
  };
  CHECK(read_as(named("P 2"), a) == "P 2 1 1");
  CHECK(read_as(named("P 2"), b) == "P 1 2 1");
  CHECK(read_as(named("P 2"), c) == "P 1 1 2");
  CHECK(read_as(named("P 21/m"), c) == "P 1 1 21/m");
  CHECK(read_as(named("P21/c"), b) == "P 1 21/c 1");
  CHECK(read_as(named("P 21/c"), a) == "P 21/c 1 1");
  CHECK(read_as(named("P 21/b"), c) == "P 1 1 21/b");
  CHECK(read_as(named("A 2/a"), c) == "A 1 1 2/a");
  CHECK(read_as(named("C 2/c"), a) == "C 2/c 1 1");
  CHECK(read_as(named("B 2/b"), c) == "B 1 1 2/b");
  CHECK(read_as("_symmetry_Int_Tables_number 11", c) == "P 1 1 21/m");
  // No setting of these has such a cell, or the number fits several settings.
  CifText cif;
  cif.atoms = "Li1 Li 0.1 0.2 0.3 1";
  cif.cell = c;
  for (const std::string& symbol :
       {named("C 2/c"), named("P 1 2 1"), std::string("_symmetry_Int_Tables_number 14")}) {
    cif.symmetry = symbol;
    CAPTURE(symbol);
    CHECK(read_failure(cif).message.find("does not fit") != std::string::npos);
  }
}

TEST_CASE("Sparse crystals: sites are distinguished up to the cutoff of their graphs") {
  CifText cif;
  cif.cell = "30 30 30 90 90 90";
  cif.symmetry = operators({"x,y,z"});
  cif.atoms = "Ar1 Ar 0 0 0 1\nAr2 Ar 0.3 0 0 1\nAr3 Ar 0 0.36 0 1"; // 9 A, 10.8 A and more
  CHECK(read_one(cif).orbits.size() == 2); // the first two are neighbours at 9 A, the third has none
  // Lithium is dense, the framework without it is not.
  cif.cell = "20 20 20 90 90 90";
  cif.atoms = "Cl1 Cl 0 0 0 1\nCl2 Cl 0.5 0.1 0 1\nCl3 Cl 0 0.4 0.4 1\n"
              "Li1 Li 0.1 0 0 1\nLi2 Li 0.6 0.1 0 1\nLi3 Li 0.1 0.4 0.4 1";
  CHECK(read_one(cif).orbits.size() == 4);
}

TEST_CASE("Zeros for every atom count as unknown if a balance exists") {
  const Crystal salt = read_one(with_atoms("Li1 Li0+ 0.1 0.2 0.3 1\nCl1 Cl0 0.6 0.4 0.1 1"));
  CHECK(salt.oxidation_source == OxidationSource::guessed);
  CifText listed = with_atoms("Li1 Li 0.1 0.2 0.3 1\nCl1 Cl 0.6 0.4 0.1 1");
  listed.more = "loop_\n_atom_type_symbol\n_atom_type_oxidation_number\nLi 0\nCl 0";
  CHECK(read_one(listed).oxidation_source == OxidationSource::guessed);
  CHECK(warns(listed, "zero_oxidation"));
}

TEST_CASE("A search for oxidation states that exceeds its budget is reported") {
  const auto composition = Composition::parse("Li3Fe2Mn3Co1Ni2V1Cr2S5O7P3");
  const auto whole = guess_oxidation(composition);
  CHECK_FALSE(whole.exhausted);
  const auto cut = guess_oxidation(composition, {.max_nodes = 20});
  CHECK(cut.exhausted);
  CHECK(cut.nodes <= 40);
}

TEST_CASE("Formulas as chemists write them") {
  Composition doped;
  doped.add(3, 1);
  doped.add(35, 1);
  doped.add(17, 0.0003);
  CHECK(doped.formula() == "LiBrCl0.0003");
  CifText garnet = with_atoms("Li1 Li 0.1 0.2 0.3 0.5\nLa1 La 0.6 0.4 0.1 1\nZr1 Zr 0.3 0.8 0.6 0.75\n"
                              "Ta1 Ta 0.3 0.8 0.6 0.25\nO1 O 0.8 0.1 0.4 1");
  CHECK(written_formula(read_one(garnet)) == "Li0.5LaZr0.75Ta0.25O");
  const CifText antifluorite = with_atoms(
      "Li1 Li 0.1 0.2 0.3 0.9\nLi2 Li 0.6 0.4 0.1 0.9\nN1 N 0.3 0.8 0.6 0.4\nCl1 Cl 0.3 0.8 0.6 0.6");
  CHECK(written_formula(read_one(antifluorite)) == "Li9N2Cl3");
  const CifText oxychloride =
      with_atoms("Li1 Li 0.1 0.2 0.3 1\nLi2 Li 0.6 0.4 0.1 1\nLi3 Li 0.3 0.8 0.6 1\nO1 O 0.8 0.1 0.4 1\n"
                 "Cl1 Cl 0.9 0.6 0.8 1");
  CHECK(written_formula(read_one(oxychloride)) == "Li3OCl");
  const CifText titanate =
      with_atoms("Li1 Li 0.1 0.2 0.3 1\nAl1 Al 0.6 0.4 0.1 1\nTi1 Ti 0.3 0.8 0.6 1\nO1 O 0.8 0.1 0.4 1\n"
                 "O2 O 0.9 0.6 0.8 1\nO3 O 0.45 0.1 0.8 1\nO4 O 0.7 0.75 0.2 1");
  CHECK(written_formula(read_one(titanate)) == "LiAlTiO4");
}
