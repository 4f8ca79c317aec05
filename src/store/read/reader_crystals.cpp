// SPDX-License-Identifier: BSD-3-Clause
// Crystals from their columns.
#include "ionsift/base/error.hpp"
#include "ionsift/store/read/reader.hpp"

#include "format/layout.hpp"

namespace ionsift::store {

using crystal::Crystal;

std::vector<Crystal> Reader::crystals(std::uint64_t first, std::uint64_t count) const {
  const StructureFacts facts = this->facts(first, count);
  std::vector<Crystal> crystals(count);
  fill_facts(facts, first, crystals);
  fill_sites(first, crystals);
  fill_orbits(first, crystals);
  return crystals;
}

void Reader::fill_facts(const StructureFacts& facts, std::uint64_t first,
                        std::vector<Crystal>& crystals) const {
  const std::uint64_t count = crystals.size();
  const auto oxidation_source = text("structures/oxidation_source", first, count);
  const auto orbit_source = text("structures/orbit_source", first, count);
  const auto residual_charge = rows<double>("structures/residual_charge", first, count);
  const auto lattice = rows<double>("crystals/lattice", first, count);
  for (std::size_t i = 0; i < count; ++i) {
    Crystal& crystal = crystals[i];
    crystal.id = facts.id[i];
    crystal.source = facts.source[i];
    crystal.block = facts.block[i];
    crystal.sha256 = facts.sha256[i];
    crystal.warnings = split_warnings(facts.warnings[i]);
    crystal.oxidation_source = oxidation_source_of(oxidation_source[i]);
    crystal.orbit_source = orbit_source_of(orbit_source[i]);
    crystal.residual_charge = residual_charge[i];
    crystal.lattice = Eigen::Map<const Eigen::Matrix<double, 3, 3, Eigen::RowMajor>>(lattice.data() + 9 * i);
  }
}

void Reader::fill_sites(std::uint64_t first, std::vector<Crystal>& crystals) const {
  Range range;
  const auto offset = offsets("crystals/site_offset", first, crystals.size(), range);
  const auto position = rows<double>("crystals/position", range.begin, range.size());
  const auto orbit = rows<std::int32_t>("crystals/orbit", range.begin, range.size());
  for (std::size_t i = 0; i < crystals.size(); ++i) {
    for (auto site = offset[i]; site < offset[i + 1]; ++site) {
      crystals[i].sites.push_back(
          {Eigen::Map<const Eigen::Vector3d>(position.data() + 3 * site), orbit[site]});
    }
  }
}

void Reader::fill_orbits(std::uint64_t first, std::vector<Crystal>& crystals) const {
  Range orbits;
  const auto orbit_offset = offsets("crystals/orbit_offset", first, crystals.size(), orbits);
  const auto label = text("crystals/label", orbits.begin, orbits.size());
  const auto representative = rows<std::int32_t>("crystals/representative", orbits.begin, orbits.size());
  const auto multiplicity = rows<std::int32_t>("crystals/multiplicity", orbits.begin, orbits.size());
  Range species;
  const auto species_offset = offsets("crystals/species_offset", orbits.begin, orbits.size(), species);
  const auto atomic_number = rows<std::int32_t>("crystals/atomic_number", species.begin, species.size());
  const auto occupancy = rows<double>("crystals/occupancy", species.begin, species.size());
  const auto oxidation = rows<double>("crystals/oxidation", species.begin, species.size());
  for (std::size_t i = 0; i < crystals.size(); ++i) {
    for (auto o = orbit_offset[i]; o < orbit_offset[i + 1]; ++o) {
      auto& orbit = crystals[i].orbits.emplace_back();
      orbit.label = label[o];
      orbit.representative = representative[o];
      orbit.multiplicity = multiplicity[o];
      for (auto s = species_offset[o]; s < species_offset[o + 1]; ++s) {
        orbit.species.push_back({atomic_number[s], occupancy[s], oxidation[s]});
      }
    }
  }
}

} // namespace ionsift::store
