#include "collect.hpp"
#include "tables.hpp"

namespace ionsift::store {

CrystalTable::CrystalTable(h5::File& file, const parallel::Communicator& comm)
    : sites_(comm), orbits_(comm), species_(comm), lattice_(file, "crystals/lattice", {3, 3}),
      site_offset_(file, "crystals/site_offset", comm), position_(file, "crystals/position", {3}),
      orbit_(file, "crystals/orbit"), orbit_offset_(file, "crystals/orbit_offset", comm),
      label_(file, "crystals/label", 8), representative_(file, "crystals/representative"),
      multiplicity_(file, "crystals/multiplicity"), species_offset_(file, "crystals/species_offset", comm),
      atomic_number_(file, "crystals/atomic_number"), occupancy_(file, "crystals/occupancy"),
      oxidation_(file, "crystals/oxidation") {
}

void CrystalTable::append(const Axis& structures, std::span<const StructureRecord> records) {
  std::vector<double> lattice;
  for (const auto& record : records) {
    for (Eigen::Index row = 0; row < 3; ++row) {
      for (Eigen::Index column = 0; column < 3; ++column) {
        lattice.push_back(record.crystal.lattice(row, column));
      }
    }
  }
  lattice_.append(structures, lattice);
  append_sites(structures, records);
  append_orbits(structures, records);
  append_species(records);
}

void CrystalTable::append_sites(const Axis& structures, std::span<const StructureRecord> records) {
  std::vector<double> position;
  std::vector<std::int32_t> orbit;
  for (const auto& record : records) {
    for (const auto& site : record.crystal.sites) {
      position.insert(position.end(), site.fractional.begin(), site.fractional.end());
      orbit.push_back(site.orbit);
    }
  }
  sites_.extend(orbit.size());
  site_offset_.append(structures, sites_,
                      collect<std::uint64_t>(records, [](const auto& r) { return r.crystal.sites.size(); }));
  position_.append(sites_, position);
  orbit_.append(sites_, orbit);
}

void CrystalTable::append_orbits(const Axis& structures, std::span<const StructureRecord> records) {
  std::vector<std::string> label;
  std::vector<std::int32_t> representative;
  std::vector<std::int32_t> multiplicity;
  for (const auto& record : records) {
    for (const auto& orbit : record.crystal.orbits) {
      label.push_back(orbit.label);
      representative.push_back(orbit.representative);
      multiplicity.push_back(orbit.multiplicity);
    }
  }
  orbits_.extend(label.size());
  orbit_offset_.append(structures, orbits_, collect<std::uint64_t>(records, [](const auto& r) {
                         return r.crystal.orbits.size();
                       }));
  label_.append(orbits_, label);
  representative_.append(orbits_, representative);
  multiplicity_.append(orbits_, multiplicity);
}

void CrystalTable::append_species(std::span<const StructureRecord> records) {
  std::vector<std::uint64_t> counts;
  std::vector<std::int32_t> atomic_number;
  std::vector<double> occupancy;
  std::vector<double> oxidation;
  for (const auto& record : records) {
    for (const auto& orbit : record.crystal.orbits) {
      counts.push_back(orbit.species.size());
      for (const auto& species : orbit.species) {
        atomic_number.push_back(species.atomic_number);
        occupancy.push_back(species.occupancy);
        oxidation.push_back(species.oxidation);
      }
    }
  }
  species_.extend(atomic_number.size());
  species_offset_.append(orbits_, species_, counts);
  atomic_number_.append(species_, atomic_number);
  occupancy_.append(species_, occupancy);
  oxidation_.append(species_, oxidation);
}

} // namespace ionsift::store
