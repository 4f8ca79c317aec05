// SPDX-License-Identifier: BSD-3-Clause
// Orbits of crystals whose file lists every atom.
#include "ionsift/crystal/source/source.hpp"

#include "cif_text.hpp"
#include "support.hpp"
#include "symmetry/environments.hpp"
#include "symmetry/orbits.hpp"

#include <map>
#include <set>

using namespace ionsift;
using namespace ionsift::crystal;
using namespace ionsift::test;

namespace {

const std::string salt = "Na1 Na 0 0 0 1\nNa2 Na 0 .5 .5 1\nNa3 Na .5 0 .5 1\nNa4 Na .5 .5 0 1\n"
                         "Cl1 Cl .5 .5 .5 1\nCl2 Cl .5 0 0 1\nCl3 Cl 0 .5 0 1\nCl4 Cl 0 0 .5 1\n";

CifText full_cell(const std::string& atoms) {
  CifText cif;
  cif.symmetry = "_symmetry_space_group_name_H-M 'P 1'\n" + operators({"x,y,z"});
  cif.atoms = atoms;
  return cif;
}

ReadOptions with(OrbitSearch search) {
  ReadOptions options;
  options.orbit_search = search;
  return options;
}

std::vector<int> multiplicities(const Crystal& crystal) {
  std::vector<int> list;
  for (const Orbit& orbit : crystal.orbits) {
    list.push_back(orbit.multiplicity);
  }
  return list;
}

std::set<int> distinct(const std::vector<int>& classes) {
  return {classes.begin(), classes.end()};
}

} // namespace

TEST_CASE("Rock salt in P1 has two orbits, by every search") {
  const auto search = GENERATE(OrbitSearch::environments, OrbitSearch::spglib);
  const Crystal crystal = read_one(full_cell(salt), with(search));
  CHECK(multiplicities(crystal) == std::vector<int>{4, 4});
  CHECK(crystal.orbits[1].label == "Cl1");
  CHECK(crystal.orbits[1].representative == 4);
  CHECK(crystal.sites[5].orbit == 1);
  CHECK(crystal.composition().formula() == "Na4Cl4");
  CHECK(crystal.orbit_source ==
        (search == OrbitSearch::spglib ? OrbitSource::spglib : OrbitSource::environments));
}

TEST_CASE("The search can be switched off") {
  CHECK(read_one(full_cell(salt), with(OrbitSearch::none)).orbits.size() == 8);
  ReadOptions plain;
  plain.use_symmetry = false;
  CHECK(read_one(full_cell(salt), plain).orbits.size() == 8);
}

TEST_CASE("Sites of one orbit have equal species and occupancies") {
  std::string doped = salt;
  doped.replace(0, 6, "Li1 Li");
  // The chlorine atoms differ in their number of lithium neighbours.
  CHECK(multiplicities(read_one(full_cell(doped))) == std::vector<int>{1, 3, 1, 3});
  std::string vacant = salt;
  vacant.replace(vacant.find(" 1\n"), 3, " 0.9\n");
  CHECK(multiplicities(read_one(full_cell(vacant))) == std::vector<int>{1, 3, 1, 3});
}

TEST_CASE("Orbits within spglib's tolerance are checked again") {
  std::string shifted = salt;
  shifted.replace(shifted.find("0 .5 .5"), 7, "0 .5 .50003"); // 1.7e-4 A
  const CifText cif = full_cell(shifted);
  const Crystal crystal = read_one(cif, with(OrbitSearch::none));
  CHECK(distinct(spglib_orbits(crystal, 1e-3)).size() == 2);
  CHECK(read_one(cif, with(OrbitSearch::spglib)).orbits.size() > 2);
  CHECK(read_one(cif).orbits.size() > 2);
}

TEST_CASE("Sites with neighbours on either side of a whole angstrom are distinguished") {
  // Two chains along x whose atoms are 5 A apart, up to 2e-6 A: the same distances, but other edges.
  CifText cif =
      full_cell("Li1 Li 0 0 0 1\nLi2 Li 0.49999990 0 0 1\nLi3 Li 0 .5 .5 1\nLi4 Li 0.50000000 .5 .5 1");
  cif.cell = "10.000001 20 20 90 90 90";
  cif.symmetry += "";
  const Crystal crystal = read_one(cif);
  CHECK(crystal.orbits.size() == 2);
  cif.cell = "10.1 20 20 90 90 90";
  CHECK(read_one(cif).orbits.size() == 1);
}

TEST_CASE("A cell too large for the search keeps its sites as separate orbits, with a warning") {
  CifText cif;
  cif.cell = "60 60 60 90 90 90";
  cif.symmetry = operators({"x,y,z"});
  for (int i = 0; i < 4500; ++i) {
    cif.atoms +=
        fmt::format("Li{} Li {} {} {} 1\n", i, (i % 17) / 17.0, (i / 17 % 17) / 17.0, (i / 289) / 17.0);
  }
  const Crystal crystal = read_one(cif);
  CHECK(crystal.orbits.size() == 4500);
  CHECK_FALSE(warning(crystal, "orbit_search_skipped").empty());
}

TEST_CASE("Orbits by operators are exact on all 321 OBELiX files", "[data]") {
  EntryStream stream({data() / "data/obelix/cifs"});
  std::size_t sites = 0;
  std::size_t rows = 0;
  while (auto next = stream.next()) {
    const auto& entry = std::get<Entry>(*next);
    CAPTURE(entry.name.source);
    const Crystal crystal = read_one(entry.bytes);
    std::vector<int> classes;
    for (const Site& site : crystal.sites) {
      classes.push_back(site.orbit);
    }
    CHECK(distinct(equal_environments(crystal, classes)).size() == crystal.orbits.size());
    sites += crystal.sites.size();
    rows += crystal.orbits.size();
  }
  CHECK(sites == 32118);
  CHECK(rows == 2216);
}

TEST_CASE("Environments equal spglib's orbits on real P1 cells", "[data]") {
  EntryStream stream({data() / "data/candidates/materials-project-li.tar.gz"});
  std::size_t compared = 0;
  std::size_t sites = 0;
  std::size_t rows = 0;
  for (std::size_t i = 0; auto next = stream.next(); ++i) {
    if (i % 200 != 0) {
      continue;
    }
    const auto& entry = std::get<Entry>(*next);
    const auto results = read_entry(entry.bytes, entry.name, with(OrbitSearch::none));
    const auto& crystal = std::get<Crystal>(results.front());
    CAPTURE(crystal.source);
    const auto own = equal_environments(crystal, species_classes(crystal));
    const auto proposed = spglib_orbits(crystal, 1e-3);
    REQUIRE_FALSE(proposed.empty());
    CHECK(own == equal_environments(crystal, proposed));
    ++compared;
    sites += own.size();
    rows += distinct(own).size();
  }
  CHECK(compared == 109);
  CHECK(double(rows) < 0.75 * double(sites));
}
