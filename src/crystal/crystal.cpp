#include "ionsift/crystal/crystal.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace ionsift::crystal {

std::string_view name_of(OxidationSource source) {
  switch (source) {
  case OxidationSource::given:
    return "given";
  case OxidationSource::guessed:
    return "guessed";
  case OxidationSource::neutral:
    return "neutral";
  }
  return "neutral";
}

std::string_view name_of(OrbitSource source) {
  switch (source) {
  case OrbitSource::operators:
    return "operators";
  case OrbitSource::environments:
    return "environments";
  case OrbitSource::spglib:
    return "spglib";
  case OrbitSource::none:
    return "none";
  }
  return "none";
}

double Crystal::volume() const {
  return std::abs(lattice.determinant());
}

Composition Crystal::composition() const {
  Composition cell;
  for (const Orbit& orbit : orbits) {
    for (const Species& species : orbit.species) {
      cell.add(species.atomic_number, species.occupancy * orbit.multiplicity);
    }
  }
  return cell;
}

Composition Crystal::formula_unit() const {
  const Composition cell = composition();
  const bool whole = std::all_of(cell.amounts().begin(), cell.amounts().end(), [](const auto& element) {
    return std::abs(element.second - std::round(element.second)) < 1e-3;
  });
  if (whole) {
    return cell.reduced();
  }
  int divisor = 0;
  for (const auto& orbit : orbits) {
    divisor = std::gcd(divisor, orbit.multiplicity);
  }
  Composition unit;
  for (const auto& [atomic_number, amount] : cell.amounts()) {
    unit.add(atomic_number, amount / std::max(divisor, 1));
  }
  return unit;
}

bool Crystal::is_ordered() const {
  // Occupancies such as 0.9999 come from rounding; no vacancy concentration that small is ever refined.
  constexpr double full = 1 - 1e-3;
  for (const Orbit& orbit : orbits) {
    if (orbit.species.size() != 1 || orbit.species.front().occupancy < full) {
      return false;
    }
  }
  return true;
}

Crystal without_symmetry(const Crystal& crystal) {
  Crystal plain = crystal;
  plain.orbits.clear();
  plain.orbits.reserve(crystal.sites.size());
  plain.orbit_source = OrbitSource::none;
  for (std::size_t i = 0; i < crystal.sites.size(); ++i) {
    const int own = static_cast<int>(i);
    Orbit orbit = crystal.orbits[static_cast<std::size_t>(crystal.sites[i].orbit)];
    orbit.representative = own;
    orbit.multiplicity = 1;
    plain.orbits.push_back(std::move(orbit));
    plain.sites[i].orbit = own;
  }
  return plain;
}

} // namespace ionsift::crystal
