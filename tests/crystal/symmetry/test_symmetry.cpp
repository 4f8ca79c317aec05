// SPDX-License-Identifier: BSD-3-Clause
// Space groups of crystals in different cells.
#include "ionsift/crystal/source/source.hpp"
#include "ionsift/crystal/symmetry/symmetry.hpp"

#include "cif_text.hpp"
#include "hand_made.hpp"
#include "read/cif_block.hpp"
#include "support.hpp"
#include "symmetry/space_group_search.hpp"
#include "symmetry/spglib_dataset.hpp"

#include <Eigen/LU>

using namespace ionsift;
using namespace ionsift::crystal;
using namespace ionsift::test;

namespace {

constexpr int Li = 3;
constexpr int Na = 11;
constexpr int Cl = 17;

Crystal with_species(Crystal crystal, std::size_t orbit, std::vector<Species> species) {
  crystal.orbits[orbit].species = std::move(species);
  return crystal;
}

/// Two axes exchanged: the same crystal in a left-handed cell.
Crystal left_handed(Crystal crystal) {
  crystal.lattice.row(0).swap(crystal.lattice.row(1));
  for (Site& site : crystal.sites) {
    std::swap(site.fractional[0], site.fractional[1]);
  }
  return crystal;
}

} // namespace

TEST_CASE("Rock salt is Fm-3m in any cell") {
  const Crystal salt = rocksalt(Na, Cl);
  const Eigen::Matrix3i doubled = Eigen::Vector3i(2, 1, 1).asDiagonal();
  for (const Crystal& crystal :
       {salt, in_cell(salt, doubled), shifted(salt, {0.1, 0.2, 0.3}), permuted(salt, 7), left_handed(salt)}) {
    const Symmetry symmetry = find_symmetry(crystal);
    CHECK(symmetry.found);
    CHECK(symmetry.space_group == 225);
    CHECK(symmetry.system == CrystalSystem::cubic);
    CHECK(symmetry.point_group_order == 48);
  }
}

TEST_CASE("Sites are distinguished by occupancy, not by oxidation state") {
  const Crystal salt = rocksalt(Na, Cl);
  CHECK(find_symmetry(with_species(salt, 0, {{Li, 1, 0}})).space_group == 221);
  CHECK(find_symmetry(with_species(salt, 0, {{Na, 0.9, 0}})).space_group == 221);
  CHECK(find_symmetry(with_species(salt, 0, {{Na, 0.9995, 0}})).space_group == 225);
  CHECK(find_symmetry(with_species(salt, 0, {{Li, 0.5, 1}, {Na, 0.5, 1}})).space_group == 221);
  CHECK(find_symmetry(with_species(salt, 0, {{Na, 1, 1}})).space_group == 225);
  CHECK(find_symmetry(with_species(salt, 0, {{Na, 0.5, 1}, {Na, 0.5, 2}})).space_group == 225);
}

TEST_CASE("The tolerance is a distance") {
  Crystal salt = rocksalt(Na, Cl);
  salt.sites[0].fractional[2] += 0.03 / 5.64;
  CHECK(find_symmetry(salt).space_group == 99); // one atom moved along an axis: P4mm
  CHECK(find_symmetry(salt, {.tolerance = 0.1}).space_group == 225);
}

TEST_CASE("No symmetry is searched in a cell that is too large or has coinciding atoms") {
  const Crystal salt = rocksalt(Na, Cl);
  const Symmetry none = find_symmetry(salt, {.max_sites = 7});
  CHECK_FALSE(none.found);
  CHECK(none.space_group == 1);
  CHECK(none.system == CrystalSystem::triclinic);
  CHECK(none.point_group_order == 1);
  Crystal twice = salt;
  twice.sites[1].fractional = twice.sites[0].fractional;
  twice.orbits[1].species = twice.orbits[0].species;
  CHECK_FALSE(find_symmetry(twice).found);
  CHECK_FALSE(find_symmetry(Crystal{}).found);
}

TEST_CASE("Plain operations give spglib's space group, and all other cells are left to spglib") {
  constexpr double tolerance = 0.01;
  const auto plain = [](const Crystal& crystal) {
    return plain_space_group(crystal, occupation_types(crystal, 1e-3), tolerance);
  };
  const Crystal salt = rocksalt(Na, Cl);
  const Eigen::Matrix3i doubled = Eigen::Vector3i(2, 1, 1).asDiagonal();
  for (const Crystal& crystal :
       {salt, in_cell(salt, doubled), shifted(salt, {0.1, 0.2, 0.3}), permuted(salt, 7), left_handed(salt)}) {
    CHECK(plain(crystal) == 225);
  }
  const auto moved = [&](double angstrom) {
    Crystal crystal = salt;
    crystal.sites[0].fractional[2] += angstrom / 5.64;
    return crystal;
  };
  CHECK(plain(moved(1e-6)) == 225);
  CHECK(plain(moved(0.025)) == 0); // close to the tolerance
  CHECK(plain(moved(0.006)) == 0);
  CHECK(plain(moved(0.1)) == 99);
  Crystal strained = salt;
  strained.lattice.row(2) *= 1.001; // 0.006 angstrom
  CHECK(plain(strained) == 0);
  strained.lattice.row(2) *= 1.05;
  CHECK(plain(strained) == 139);
  Crystal twice = salt;
  twice.sites[1].fractional = twice.sites[0].fractional;
  CHECK(plain(twice) == 0);
}

namespace {

/// Compares find_symmetry with spglib; samples one entry in so many.
void compare_with_spglib(const std::filesystem::path& input, int every, double least_share_of_plain) {
  EntryStream stream({input});
  int all = 0, plain = 0;
  for (int i = 0; auto next = stream.next(); ++i) {
    const auto* entry = std::get_if<Entry>(&*next);
    if (entry == nullptr || i % every != 0) {
      continue;
    }
    CAPTURE(entry->name.source);
    const Crystal crystal = read_one(entry->bytes);
    const auto types = occupation_types(crystal, 1e-3);
    const auto dataset = spglib_dataset(crystal, types, 0.01);
    const int number = plain_space_group(crystal, types, 0.01);
    CHECK(find_symmetry(crystal).space_group == (dataset == nullptr ? 1 : dataset->spacegroup_number));
    plain += number > 0 ? 1 : 0;
    ++all;
  }
  INFO(plain << " of " << all << " are plain");
  CHECK(plain >= least_share_of_plain * all);
}

} // namespace

TEST_CASE("Real crystals have spglib's space group", "[data]") {
  compare_with_spglib(data() / "data/obelix/cifs", 1, 0.8);
  compare_with_spglib(data() / "data/candidates/materials-project-li.tar.gz", 40, 0.8);
}

// Takes minutes: all candidates.
TEST_CASE("All candidates have spglib's space group", "[.][all_candidates]") {
  compare_with_spglib(data() / "data/candidates/materials-project-li.tar.gz", 1, 0.8);
}

TEST_CASE("A chiral crystal keeps its handedness") {
  // Quartz in P3_121; its mirror image has P3_221.
  CifText quartz;
  quartz.cell = "4.913 4.913 5.405 90 90 120";
  quartz.symmetry = "_symmetry_space_group_name_H-M 'P 31 2 1'";
  quartz.atoms = "Si1 Si 0.4697 0 0.33333333 1\nO1 O 0.4135 0.2669 0.2144 1";
  const Crystal crystal = read_one(quartz);
  CHECK(crystal.composition().formula() == "Si3O6");
  CHECK(find_symmetry(crystal).space_group == 152);
  CHECK(find_symmetry(left_handed(crystal)).space_group == 152);
  Crystal mirrored = crystal;
  mirrored.lattice.col(2) *= -1;
  CHECK(find_symmetry(mirrored).space_group == 154);
}

TEST_CASE("Crystal systems and orders of the point groups") {
  const auto check = [](int number, CrystalSystem system, int order) {
    CAPTURE(number);
    CHECK(crystal_system_of(number) == system);
    CHECK(point_group_order_of(number) == order);
  };
  check(1, CrystalSystem::triclinic, 1);
  check(2, CrystalSystem::triclinic, 2);
  check(3, CrystalSystem::monoclinic, 2);
  check(15, CrystalSystem::monoclinic, 4);
  check(16, CrystalSystem::orthorhombic, 4);
  check(62, CrystalSystem::orthorhombic, 8);
  check(75, CrystalSystem::tetragonal, 4);
  check(137, CrystalSystem::tetragonal, 16);
  check(143, CrystalSystem::trigonal, 3);
  check(146, CrystalSystem::trigonal, 3);
  check(167, CrystalSystem::trigonal, 12);
  check(168, CrystalSystem::hexagonal, 6);
  check(194, CrystalSystem::hexagonal, 24);
  check(195, CrystalSystem::cubic, 12);
  check(216, CrystalSystem::cubic, 24);
  check(230, CrystalSystem::cubic, 48);
  CHECK_THROWS_AS(crystal_system_of(0), Error);
  CHECK(space_group_symbol(1) == "P1");
  CHECK(space_group_symbol(216) == "F-43m");
  CHECK(space_group_symbol(225) == "Fm-3m");
  CHECK(space_group_symbol(230) == "Ia-3d");
  CHECK_THROWS_AS(space_group_symbol(0), Error);
  CHECK_THROWS_AS(point_group_order_of(231), Error);
}

TEST_CASE("All 321 OBELiX crystals have the space group that their file declares", "[data]") {
  EntryStream stream({data() / "data/obelix/cifs"});
  int all = 0;
  while (auto next = stream.next()) {
    const auto& entry = std::get<Entry>(*next);
    CAPTURE(entry.name.source);
    const auto document = parse_cif(entry.bytes);
    const auto& block = std::get<CifBlock>(document.blocks.front());
    const Symmetry symmetry = find_symmetry(read_one(entry.bytes));
    CHECK(symmetry.found);
    CHECK(std::to_string(symmetry.space_group) == *block.find({"_symmetry_int_tables_number"}));
    ++all;
  }
  CHECK(all == 321);
}
