// SPDX-License-Identifier: BSD-3-Clause
#include "format/collect.hpp"
#include "tables.hpp"

namespace ionsift::store {

CrystalTable::CrystalTable(FinalFile& out, const StoreSizes& sizes)
    : lattice_(out, "crystals/lattice", sizes.structures, {3, 3}),
      site_offset_(out, "crystals/site_offset", sizes.structures),
      position_(out, "crystals/position", sizes.sites, {3}), orbit_(out, "crystals/orbit", sizes.sites),
      orbit_offset_(out, "crystals/orbit_offset", sizes.structures),
      label_(out, "crystals/label", sizes.orbits, sizes.of(TextField::label)),
      representative_(out, "crystals/representative", sizes.orbits),
      multiplicity_(out, "crystals/multiplicity", sizes.orbits),
      species_offset_(out, "crystals/species_offset", sizes.orbits),
      atomic_number_(out, "crystals/atomic_number", sizes.species),
      occupancy_(out, "crystals/occupancy", sizes.species),
      oxidation_(out, "crystals/oxidation", sizes.species) {
}

void CrystalTable::write(const Window& window) {
  std::vector<double> lattice;
  for (const auto& structure : window.structures) {
    for (Eigen::Index row = 0; row < 3; ++row) {
      for (Eigen::Index column = 0; column < 3; ++column) {
        lattice.push_back(structure.record.crystal.lattice(row, column));
      }
    }
  }
  lattice_.write(window.structure, lattice);
  write_sites(window);
  write_orbits(window);
  write_species(window);
}

void CrystalTable::write_sites(const Window& window) {
  std::vector<double> position;
  std::vector<std::int32_t> orbit;
  for (const auto& structure : window.structures) {
    for (const auto& site : structure.record.crystal.sites) {
      position.insert(position.end(), site.fractional.begin(), site.fractional.end());
      orbit.push_back(site.orbit);
    }
  }
  site_offset_.write(
      window.structure, window.site,
      collect<std::uint64_t>(window.structures, [](const auto& s) { return s.record.crystal.sites.size(); }));
  position_.write(window.site, position);
  orbit_.write(window.site, orbit);
}

void CrystalTable::write_orbits(const Window& window) {
  std::vector<std::string> label;
  std::vector<std::int32_t> representative;
  std::vector<std::int32_t> multiplicity;
  for (const auto& structure : window.structures) {
    for (const auto& orbit : structure.record.crystal.orbits) {
      label.push_back(orbit.label);
      representative.push_back(orbit.representative);
      multiplicity.push_back(orbit.multiplicity);
    }
  }
  orbit_offset_.write(window.structure, window.orbit,
                      collect<std::uint64_t>(window.structures,
                                             [](const auto& s) { return s.record.crystal.orbits.size(); }));
  label_.write(window.orbit, std::move(label));
  representative_.write(window.orbit, representative);
  multiplicity_.write(window.orbit, multiplicity);
}

void CrystalTable::write_species(const Window& window) {
  std::vector<std::uint64_t> counts;
  std::vector<std::int32_t> atomic_number;
  std::vector<double> occupancy;
  std::vector<double> oxidation;
  for (const auto& structure : window.structures) {
    for (const auto& orbit : structure.record.crystal.orbits) {
      counts.push_back(orbit.species.size());
      for (const auto& species : orbit.species) {
        atomic_number.push_back(species.atomic_number);
        occupancy.push_back(species.occupancy);
        oxidation.push_back(species.oxidation);
      }
    }
  }
  species_offset_.write(window.orbit, window.species, counts);
  atomic_number_.write(window.species, atomic_number);
  occupancy_.write(window.species, occupancy);
  oxidation_.write(window.species, oxidation);
}

} // namespace ionsift::store
