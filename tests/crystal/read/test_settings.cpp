// SPDX-License-Identifier: BSD-3-Clause
// Every setting of every space group, by operators, by Hall symbol and by name, against another expansion.
#include "ionsift/crystal/chemistry/element.hpp"

#include "cif_text.hpp"
#include "settings.hpp"

using namespace ionsift;
using namespace ionsift::crystal;
using namespace ionsift::test;

namespace {

/// Whether the crystal has exactly the sites of the other expansion.
bool has_sites(const Crystal& crystal, const MadeUpCrystal& made_up) {
  if (crystal.sites.size() != made_up.sites() || crystal.orbits.size() != made_up.atoms.size()) {
    return false;
  }
  for (std::size_t orbit = 0; orbit < made_up.atoms.size(); ++orbit) {
    const MadeUpAtom& atom = made_up.atoms[orbit];
    const Orbit& read = crystal.orbits[orbit];
    if (read.multiplicity != static_cast<int>(atom.images.size()) ||
        read.species.front().atomic_number != atomic_number_of(atom.symbol).value()) {
      return false;
    }
    for (const auto& image : atom.images) {
      const auto same = [&](const Site& site) {
        return site.orbit == static_cast<int>(orbit) &&
               detail::distance(made_up.metric, site.fractional, image) < 1e-4;
      };
      if (std::ranges::count_if(crystal.sites, same) != 1) {
        return false;
      }
    }
  }
  return true;
}

} // namespace

TEST_CASE("All settings of all space groups are expanded correctly") {
  std::size_t settings = 0;
  std::size_t special = 0;
  RandomStream random(20261130);
  for (const gemmi::SpaceGroup& group : gemmi::spacegroup_tables::main) {
    const MadeUpCrystal made_up = make_up(group, random, 12, 0.8);
    CAPTURE(made_up.name, made_up.hall);
    ++settings;
    REQUIRE(made_up.atoms.size() >= 1);
    for (const auto& atom : made_up.atoms) {
      special += atom.images.size() < made_up.triplets.size() ? 1 : 0;
    }
    const Crystal listed = read_one(made_up.text_with_operators());
    CHECK(has_sites(listed, made_up));
    CHECK(warning(listed, "cell_mismatch").empty());
    CHECK(has_sites(read_one(made_up.text("_space_group_name_Hall '" + made_up.hall + "'")), made_up));
    CHECK(has_sites(read_one(made_up.text("_space_group_name_H-M_alt '" + made_up.name + "'")), made_up));
  }
  CHECK(settings >= 559);
  CHECK(special > settings / 3);
}
