// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/crystal.hpp"

#include "ionsift/base/enum_names.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace ionsift::crystal {

namespace {

constexpr auto oxidation_source_names = enum_names<OxidationSource>({{OxidationSource::given, "given"},
                                                                     {OxidationSource::guessed, "guessed"},
                                                                     {OxidationSource::neutral, "neutral"}});
constexpr auto orbit_source_names = enum_names<OrbitSource>({{OrbitSource::operators, "operators"},
                                                             {OrbitSource::environments, "environments"},
                                                             {OrbitSource::spglib, "spglib"},
                                                             {OrbitSource::none, "none"}});

} // namespace

std::string_view name_of(OxidationSource source) {
  return oxidation_source_names.name(source);
}

std::string_view name_of(OrbitSource source) {
  return orbit_source_names.name(source);
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

namespace {

constexpr double whole_within = 1e-3;

bool is_whole(double amount) {
  return std::abs(amount - std::round(amount)) < whole_within;
}

bool is_whole(const Composition& composition) {
  return std::all_of(composition.amounts().begin(), composition.amounts().end(),
                     [](const auto& part) { return is_whole(part.second); });
}

Composition scaled(const Composition& composition, double factor) {
  Composition result;
  for (const auto& [atomic_number, amount] : composition.amounts()) {
    result.add(atomic_number, amount * factor);
  }
  return result;
}

/// The greatest common divisor of the numbers of sites that hold each set of species; the same with and
/// without symmetry.
int common_divisor_of_sites(const Crystal& crystal) {
  const auto alike = [](const Orbit& a, const Orbit& b) {
    return std::equal(a.species.begin(), a.species.end(), b.species.begin(), b.species.end(),
                      [](const Species& x, const Species& y) {
                        return x.atomic_number == y.atomic_number &&
                               std::abs(x.occupancy - y.occupancy) < whole_within;
                      });
  };
  std::vector<std::pair<const Orbit*, int>> kinds;
  for (const Orbit& orbit : crystal.orbits) {
    const auto known =
        std::find_if(kinds.begin(), kinds.end(), [&](const auto& kind) { return alike(*kind.first, orbit); });
    if (known == kinds.end()) {
      kinds.emplace_back(&orbit, orbit.multiplicity);
    } else {
      known->second += orbit.multiplicity;
    }
  }
  int divisor = 0;
  for (const auto& [orbit, sites] : kinds) {
    divisor = std::gcd(divisor, sites);
  }
  return std::max(divisor, 1);
}

} // namespace

Composition Crystal::formula_unit() const {
  const Composition cell = composition();
  const Composition unit = scaled(cell, 1.0 / common_divisor_of_sites(*this));
  if (is_whole(unit)) {
    return unit.reduced();
  }
  // "La3" and "O12" of a doped garnet decide how the formula is written; without any such number it is
  // multiplied until all are whole.
  const bool has_whole = std::any_of(unit.amounts().begin(), unit.amounts().end(), [](const auto& part) {
    return part.second > 0.5 && is_whole(part.second);
  });
  constexpr int most_units = 10;
  for (int units = 2; !has_whole && units <= most_units; ++units) {
    const Composition larger = scaled(unit, units);
    if (is_whole(larger)) {
      return larger.reduced();
    }
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
