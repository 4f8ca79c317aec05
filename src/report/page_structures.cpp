// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/log.hpp"
#include "ionsift/crystal/chemistry/element.hpp"
#include "ionsift/crystal/read/cif.hpp"
#include "ionsift/crystal/symmetry/symmetry.hpp"
#include "ionsift/report/page_table.hpp"
#include "ionsift/store/read/reader.hpp"

#include <fmt/format.h>

namespace ionsift::report {

namespace {

using nlohmann::json;

/// With so many digits, without a tail of others.
json rounded(double value, int digits) {
  return json::parse(fmt::format("{:.{}f}", value, digits));
}

json species_of(const crystal::Orbit& orbit) {
  json list = json::array();
  for (const auto& species : orbit.species) {
    list.push_back({std::string(crystal::element(species.atomic_number).symbol),
                    rounded(species.occupancy, 4), rounded(species.oxidation, 2)});
  }
  return list;
}

json document_of(const crystal::Crystal& crystal) {
  json lattice = json::array();
  for (int row = 0; row < 3; ++row) {
    lattice.push_back({rounded(crystal.lattice(row, 0), 5), rounded(crystal.lattice(row, 1), 5),
                       rounded(crystal.lattice(row, 2), 5)});
  }
  json document = {{"lattice", lattice},
                   {"volume", rounded(crystal.volume(), 3)},
                   {"count", crystal.sites.size()},
                   {"orbits", json::array()}};
  for (const auto& orbit : crystal.orbits) {
    document["orbits"].push_back(
        {{"label", orbit.label}, {"multiplicity", orbit.multiplicity}, {"species", species_of(orbit)}});
  }
  if (const auto symmetry = crystal::find_symmetry(crystal); symmetry.found) {
    document["space_group"] = symmetry.space_group;
    document["symbol"] = crystal::space_group_symbol(symmetry.space_group);
    document["system"] = crystal::name_of(symmetry.system);
  }
  if (crystal.sites.size() <= most_pictured_sites) {
    document["sites"] = json::array();
    for (const auto& site : crystal.sites) {
      document["sites"].push_back({site.orbit, rounded(site.fractional[0], 4), rounded(site.fractional[1], 4),
                                   rounded(site.fractional[2], 4)});
    }
    document["cif"] = crystal::write_cif(crystal, {fmt::format("{} of {}", crystal.id, crystal.source),
                                                   "all atoms of the cell, as ionsift read them"});
  }
  return document;
}

} // namespace

json read_page_structures(const std::filesystem::path& store, const std::vector<Pictured>& pictured) {
  json structures = json::object();
  std::size_t other = 0;
  const store::Reader reader(store);
  for (const auto& one : pictured) {
    const auto crystals =
        one.index < reader.size() ? reader.crystals(one.index, 1) : std::vector<crystal::Crystal>();
    if (crystals.empty() || crystals.front().id != one.id || crystals.front().sha256 != one.sha256) {
      ++other;
      continue;
    }
    structures[one.id] = document_of(crystals.front());
  }
  if (other > 0) {
    log::warning("{} of {} structures have no picture: {} does not hold them as they were screened", other,
                 pictured.size(), store.string());
  }
  return structures;
}

} // namespace ionsift::report
