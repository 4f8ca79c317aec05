// SPDX-License-Identifier: BSD-3-Clause
// Symmetry in CIFs: its sources, and its effect on atoms.
#include "cif_text.hpp"

using namespace ionsift;
using namespace ionsift::crystal;
using namespace ionsift::test;

namespace {

const std::string salt = "Na1 Na 0 0 0 1\nCl1 Cl 0.5 0.5 0.5 1";
const std::string hexagonal_cell = "3 3 5 90 90 120";

CifText with_symmetry(const std::string& symmetry) {
  CifText cif;
  cif.symmetry = symmetry;
  cif.atoms = salt;
  return cif;
}

ReadOptions level(Strictness strictness) {
  ReadOptions options;
  options.strictness = strictness;
  return options;
}

Crystal without(const CifText& cif) {
  ReadOptions options;
  options.use_symmetry = false;
  return read_one(cif, options);
}

} // namespace

TEST_CASE("Rock salt by symbol, by number and by operators") {
  const std::string symmetry = GENERATE(
      as<std::string>{}, "_symmetry_space_group_name_H-M 'F m -3 m'", "_symmetry_space_group_name_H-M Fm-3m",
      "_space_group_name_H-M_alt 'F m -3 m'", "_symmetry_Int_Tables_number 225", "_space_group_IT_number 225",
      "_symmetry_space_group_name_Hall '-F 4 2 3'", "_space_group_name_Hall '-F 4 2 3'",
      operators({"x,y,z", "x,y+1/2,z+1/2", "x+1/2,y,z+1/2", "x+1/2,y+1/2,z"}));
  CAPTURE(symmetry);
  const Crystal crystal = read_one(with_symmetry(symmetry));
  CHECK(crystal.sites.size() == 8);
  REQUIRE(crystal.orbits.size() == 2);
  CHECK(crystal.orbits[0].multiplicity == 4);
  CHECK(crystal.orbits[0].label == "Na1");
  CHECK(crystal.composition().formula() == "Na4Cl4");
  CHECK(crystal.orbit_source == OrbitSource::operators);
  CHECK(crystal.volume() == Approx(5.64 * 5.64 * 5.64));
  CHECK(crystal.is_ordered());
  CHECK(crystal.sha256.size() == 64);
}

TEST_CASE("Symbols in old, full and verbose spellings") {
  const auto check = [](const std::string& symbol, const std::string& cell, std::size_t general) {
    CifText cif;
    cif.cell = cell;
    cif.symmetry = symbol;
    cif.atoms = "Li1 Li 0.1357 0.0712 0.2931 1";
    CAPTURE(symbol);
    CHECK(read_one(cif).sites.size() == general);
  };
  const std::string cube = "20 20 20 90 90 90", brick = "10 14 20 90 90 90", tall = "20 20 30 90 90 120";
  check("_symmetry_space_group_name_H-M 'F m 3 m'", cube, 192);
  check("_symmetry_space_group_name_H-M Fm3m", cube, 192);
  check("_symmetry_space_group_name_H-M 'I a 3'", cube, 48);
  check("_symmetry_space_group_name_H-M Pa3", cube, 24);
  check("_symmetry_space_group_name_H-M 'F d 3 m :1'", cube, 192);
  check("_symmetry_space_group_name_H-M 'F 2 3'", cube, 48);
  check("_symmetry_space_group_name_H-M 'P 4 3 2'", cube, 24);
  check("_space_group_name_H-M_full 'F 4/m -3 2/m'", cube, 192);
  check("_space_group_name_H-M_full 'I 41/a -3 2/d'", cube, 96);
  check("_space_group_name_H-M_full 'P 21/n 21/m 21/a'", brick, 8);
  check("_space_group.name_H-M_full 'C 2/m 2/c 21/m'", brick, 16);
  check("_space_group_name_H-M_full 'P 63/m 2/m 2/c'", tall, 24);
  check("_space_group_name_H-M_ref 'P 4/m 2/m 2/m'", "20 20 30 90 90 90", 16);
  check("_symmetry_space_group_name_H-M 'R -3 2/c'", tall, 36);
  check("_symmetry_space_group_name_H-M \"R -3 2/c (hexagonal axes)\"", tall, 36);
  check("_symmetry_space_group_name_H-M 'R -3 c (rhombohedral axes)'", "20 20 20 70 70 70", 12);
  check("_symmetry_space_group_name_H-M 'C m c e'", brick, 16);
  check("_symmetry_space_group_name_H-M 'C m c a'", brick, 16);
}

TEST_CASE("Operators take precedence over a symbol that contradicts them, with a warning") {
  const std::string symbol = "_symmetry_space_group_name_H-M 'F m -3 m'\n";
  const Crystal crystal = read_one(with_symmetry(symbol + operators({"x,y,z", "-x,-y,-z"})));
  CHECK(crystal.sites.size() == 2);
  CHECK(warning(crystal, "symmetry_conflict").find("point group") != std::string::npos);
  // Operators that agree raise no warning.
  const Crystal inverted =
      read_one(with_symmetry("_symmetry_space_group_name_H-M 'P -1'\n" + operators({"x,y,z", "-x,-y,-z"})));
  CHECK(inverted.warnings.empty());
}

TEST_CASE("A file without any symmetry is P1, and so is one with an unknown symbol where formula and Z "
          "confirm it") {
  CHECK_FALSE(warning(read_one(with_symmetry("")), "no_symmetry").empty());
  CHECK(read_one(with_symmetry("")).sites.size() == 2);
  CHECK(read_failure(with_symmetry(""), level(Strictness::strict)).code == ErrorCode::data);

  CifText cif = with_symmetry("_symmetry_space_group_name_H-M 'Q 17'");
  CHECK(read_failure(cif).message.find("Q 17 is unknown") != std::string::npos);
  CHECK(read_one(cif, level(Strictness::tolerant)).sites.size() == 2);
  cif.more = "_chemical_formula_sum 'Na4 Cl4'\n_cell_formula_units_Z 1";
  CHECK(read_failure(cif).code == ErrorCode::data);
  cif.more = "_chemical_formula_sum 'Na Cl'"; // as an asymmetric unit may contain it
  CHECK(read_failure(cif).code == ErrorCode::data);
  cif.more += "\n_cell_formula_units_Z 1";
  const Crystal unknown = read_one(cif);
  CHECK(unknown.sites.size() == 2);
  CHECK(warning(unknown, "unknown_space_group").find("Q 17") != std::string::npos);
  CHECK(read_failure(cif, level(Strictness::strict)).code == ErrorCode::data);
}

TEST_CASE("An incomplete list of operators is completed where the file confirms the result") {
  // Two of the four generators of the face-centring and inversion: the products number 8.
  CifText cif = with_symmetry(operators({"x,y,z", "x,y+1/2,z+1/2", "x+1/2,y,z+1/2", "-x,-y,-z"}));
  const auto completed = [&](Strictness strictness) {
    const Crystal crystal = read_one(cif, level(strictness));
    CHECK(crystal.composition().formula() == "Na4Cl4");
    return warning(crystal, "operators_completed").find("4 operators are listed") != std::string::npos;
  };
  const Failure unconfirmed = read_failure(cif);
  CHECK(unconfirmed.code == ErrorCode::data);
  CHECK(unconfirmed.line == 8);
  CHECK(unconfirmed.message.find("not form a group") != std::string::npos);
  CHECK(completed(Strictness::tolerant));
  // The declared content confirms it, and so does the name of the group.
  cif.more = "_chemical_formula_sum 'Na Cl'\n_cell_formula_units_Z 4";
  CHECK(completed(Strictness::standard));
  cif.more = "_symmetry_space_group_name_H-M 'F -1'";
  CHECK(completed(Strictness::standard));
  CHECK(read_failure(cif, level(Strictness::strict)).code == ErrorCode::data);
  cif.more = "_symmetry_space_group_name_H-M 'F m -3 m'";
  CHECK(read_failure(cif).code == ErrorCode::data);
  cif.more = "_chemical_formula_sum 'Na Cl'\n_cell_formula_units_Z 2";
  CHECK(read_failure(cif).code == ErrorCode::data);
}

TEST_CASE("At the strict level every warning is a failure, except those that are not flaws") {
  const auto strict = level(Strictness::strict);
  CifText cif = with_symmetry("_symmetry_space_group_name_H-M 'F m -3 m'");
  CHECK(warning(read_one(cif, strict), "symmetry_by_name").size() > 0);
  const auto refuses = [&](const std::string& code) {
    CHECK_FALSE(warning(read_one(cif), code).empty());
    return read_failure(cif, strict).message.starts_with(code + ":");
  };
  cif.more = "_chemical_formula_sum 'Na Cl2'";
  CHECK(refuses("formula_mismatch"));
  cif.more = "_chemical_formula_sum 'Na Foo'";
  CHECK(refuses("formula_unreadable"));
  cif.more = "";
  cif.cell = "5.64 5.64 5.64 90 90 ?";
  CHECK(refuses("missing_angle"));
  cif.cell = "5.64 5.64 5.64 90 90 90";
  cif.symmetry += "\n" + operators({"x,y,z", "-x,-y,-z"});
  CHECK(refuses("symmetry_conflict"));
  cif.symmetry = operators({"x,y,z", "-x,-y,-z"});
  cif.atoms = "Na1 Na 0 0 0 1\nO1 OH .5 .5 .5 1";
  CHECK(refuses("implied_hydrogen"));
  cif.columns += " _atom_site_symmetry_multiplicity";
  cif.atoms = "Na1 Na 0 0 0 1 1\nCl1 Cl .5 .5 .5 1 2";
  CHECK(refuses("multiplicity_mismatch"));
}

TEST_CASE("Without origin choice the declared content decides") {
  CifText diamond;
  diamond.cell = "5.43 5.43 5.43 90 90 90";
  diamond.symmetry = "_symmetry_space_group_name_H-M 'F d -3 m'";
  diamond.more = "_chemical_formula_sum Si8";
  diamond.atoms = "Si1 Si 0 0 0 1"; // choice 1; by choice 2 this is a position of 16
  const Crystal crystal = read_one(diamond);
  CHECK(crystal.sites.size() == 8);
  CHECK(warning(crystal, "symmetry_by_name").find("F d -3 m:1") != std::string::npos);
  diamond.atoms = "Si1 Si 0.125 0.125 0.125 1";
  CHECK(read_one(diamond).sites.size() == 8);
}

TEST_CASE("Coordinates of finite precision are put onto their special positions") {
  CifText cif;
  cif.cell = hexagonal_cell;
  cif.symmetry = "_symmetry_space_group_name_H-M 'P 63/m m c'";
  const auto [x, y] = GENERATE(table<std::string, std::string>({{"0.3333", "0.6667"},
                                                                {"0.333", "0.667"},
                                                                {"0.33", "0.67"},
                                                                {"0.33333", "0.66667"},
                                                                {"0.3333", "0.6666"},
                                                                {"0.33330000", "0.66670000"},
                                                                {"1/3", "2/3"}}));
  CAPTURE(x, y);
  cif.atoms = "Mg1 Mg " + x + " " + y + " 0.25 1";
  const Crystal crystal = read_one(cif);
  REQUIRE(crystal.sites.size() == 2);
  CHECK(crystal.sites[0].fractional[0] == Approx(1.0 / 3).epsilon(1e-12));
  CHECK(crystal.sites[0].fractional[1] == Approx(2.0 / 3).epsilon(1e-12));
}

TEST_CASE("Rounding on lines and planes: x, 2x") {
  CifText cif;
  cif.cell = "6 6 5 90 90 120";
  cif.symmetry = "_symmetry_space_group_name_H-M 'P 6/m m m'";
  cif.atoms = "O1 O 0.1235 0.2469 0 1"; // 0.12345 and twice that, rounded
  CHECK(read_one(cif).sites.size() == 6);
}

TEST_CASE("Split sites stay, however near the special position they are") {
  CifText cif;
  cif.symmetry = operators({"x,y,z", "-x,-y,-z"});
  cif.atoms = "Li1 Li 0.02 0 0 0.5\nCl1 Cl 0.5 0.5 0.5 1"; // 0.23 A apart
  const Crystal crystal = read_one(cif);
  CHECK(crystal.sites.size() == 3);
  CHECK(crystal.composition().formula() == "LiCl");
  CHECK_FALSE(crystal.is_ordered());
  cif.atoms = "Li1 Li 0.0190 0 0 0.5\nCl1 Cl 0.5 0.5 0.5 1";
  CHECK(read_one(cif).sites.size() == 3);
}

TEST_CASE("Images closer than the tolerance are merged, and the tolerance is an option") {
  CifText cif;
  cif.symmetry = operators({"x,y,z", "-x,-y,-z"});
  cif.atoms = "Li1 Li 0.00004000 0 0 1\nCl1 Cl 0.5 0.5 0.5 1";
  const Crystal crystal = read_one(cif);
  CHECK(crystal.sites.size() == 2);
  CHECK(crystal.sites[0].fractional == Eigen::Vector3d(0, 0, 0));
  ReadOptions fine;
  fine.merge_tolerance = 1e-5;
  CHECK(read_one(cif, fine).sites.size() == 3);
}

TEST_CASE("A declared multiplicity decides where rounding is ambiguous, and is compared") {
  CifText cif;
  cif.cell = hexagonal_cell;
  cif.symmetry = "_symmetry_space_group_name_H-M 'P 63/m m c'";
  cif.columns += " _atom_site_symmetry_multiplicity";
  cif.atoms = "Mg1 Mg 0.333 0.667 0.25 0.3 6";
  CHECK(read_one(cif).sites.size() == 6);
  cif.atoms = "Mg1 Mg 0.333 0.667 0.25 1 2";
  CHECK(read_one(cif).sites.size() == 2);
  cif.symmetry = operators({"x,y,z", "-x,-y,-z"});
  cif.atoms = "Li1 Li 0.2 0 0 0.5 1\nCl1 Cl 0.5 0.5 0.5 1 1";
  CHECK(warning(read_one(cif), "multiplicity_mismatch").find("Li1 has 2 images, declared are 1") !=
        std::string::npos);
}

TEST_CASE("Sites lie in the cell") {
  CifText cif;
  cif.symmetry = operators({"x,y,z", "-x,-y,-z"});
  cif.atoms = "Li1 Li -0.25 1.25 3 1\nCl1 Cl 1.0 -1e-17 0.5 1";
  const Crystal crystal = read_one(cif);
  REQUIRE(crystal.sites.size() == 3);
  for (const Site& site : crystal.sites) {
    CHECK(site.fractional.minCoeff() >= 0);
    CHECK(site.fractional.maxCoeff() < 1);
  }
  CHECK(crystal.sites[0].fractional == Eigen::Vector3d(0.75, 0.25, 0));
  CHECK(crystal.sites[2].fractional == Eigen::Vector3d(0, 0, 0.5));
}

TEST_CASE("Without symmetry every site is an orbit") {
  const CifText cif = with_symmetry("_symmetry_space_group_name_H-M 'F m -3 m'");
  const Crystal plain = without(cif);
  CHECK(plain.orbits.size() == 8);
  CHECK(plain.orbit_source == OrbitSource::none);
  CHECK(plain.composition().formula() == "Na4Cl4");
  for (std::size_t i = 0; i < plain.sites.size(); ++i) {
    CHECK(plain.sites[i].orbit == int(i));
    CHECK(plain.orbits[i].representative == int(i));
  }
}
