// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/symmetry/symmetry.hpp"

#include "ionsift/base/enum_names.hpp"
#include "ionsift/base/error.hpp"

#include "site_operations.hpp"
#include "space_group_search.hpp"
#include "spglib_dataset.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

namespace ionsift::crystal {

namespace {

using Occupation = std::map<int, double>; ///< by atomic number

bool alike(const Occupation& a, const Occupation& b, double tolerance) {
  return std::ranges::equal(a, b, [&](const auto& x, const auto& y) {
    return x.first == y.first && std::abs(x.second - y.second) <= tolerance;
  });
}

void validate_number(int space_group) {
  IONSIFT_VALIDATE(space_group >= 1 && space_group <= 230, usage,
                   fmt::format("there is no space group {}", space_group), "they are numbered from 1 to 230",
                   "Give one of these.");
}

/// The number of the Hall symbol of a group's first setting.
int first_setting_of(int space_group) {
  // Hall symbols are ordered by space group; there are 530.
  int hall_number = 1;
  while (spg_get_spacegroup_type(hall_number).number != space_group) {
    ++hall_number;
  }
  return hall_number;
}

/// Different rotations among the operations of the group's first setting.
int count_rotations(int space_group) {
  // NOLINTBEGIN(modernize-avoid-c-arrays): what spglib takes
  int rotations[192][3][3];
  double translations[192][3];
  // NOLINTEND(modernize-avoid-c-arrays)
  const int operations =
      spg_get_symmetry_from_database(rotations, translations, first_setting_of(space_group));
  std::set<std::array<int, 9>> distinct;
  for (int i = 0; i < operations; ++i) {
    std::array<int, 9> entries;
    std::copy_n(&rotations[i][0][0], 9, entries.begin());
    distinct.insert(entries);
  }
  return static_cast<int>(distinct.size());
}

/// Whether a monoclinic group is one of a lattice centred as this is. spglib 2.0.2 takes some primitive cells
/// of C-centred lattices for those of primitive ones. A lattice vector and its image by the axis add up to
/// twice a lattice vector, whichever it is, only where the lattice is not centred.
bool centring_fits(int number, const std::vector<Operation>& operations) {
  if (crystal_system_of(number) != CrystalSystem::monoclinic) {
    return true;
  }
  const auto axis = std::ranges::find_if(operations, [](const Operation& operation) {
    return std::abs(operation.rotation.trace()) == 1; // twofold, or a mirror
  });
  if (axis == operations.end()) {
    return false;
  }
  const Eigen::Matrix3i sum = Eigen::Matrix3i::Identity() + axis->rotation.determinant() * axis->rotation;
  const bool is_primitive = sum.unaryExpr([](int entry) { return entry % 2; }).isZero();
  static constexpr std::array of_primitive_lattices = {3, 4, 6, 7, 10, 11, 13, 14};
  return is_primitive == (std::ranges::find(of_primitive_lattices, number) != of_primitive_lattices.end());
}

constexpr auto crystal_system_names =
    enum_names<CrystalSystem>({{CrystalSystem::triclinic, "triclinic"},
                               {CrystalSystem::monoclinic, "monoclinic"},
                               {CrystalSystem::orthorhombic, "orthorhombic"},
                               {CrystalSystem::tetragonal, "tetragonal"},
                               {CrystalSystem::trigonal, "trigonal"},
                               {CrystalSystem::hexagonal, "hexagonal"},
                               {CrystalSystem::cubic, "cubic"}});

} // namespace

std::vector<int> occupation_types(const Crystal& crystal, double tolerance) {
  std::vector<Occupation> known;
  std::vector<int> type_of_orbit;
  for (const Orbit& orbit : crystal.orbits) {
    Occupation occupation;
    for (const Species& species : orbit.species) {
      occupation[species.atomic_number] += species.occupancy;
    }
    const auto same = std::ranges::find_if(
        known, [&](const Occupation& other) { return alike(other, occupation, tolerance); });
    type_of_orbit.push_back(static_cast<int>(same - known.begin()));
    if (same == known.end()) {
      known.push_back(std::move(occupation));
    }
  }
  std::vector<int> types;
  types.reserve(crystal.sites.size());
  for (const Site& site : crystal.sites) {
    types.push_back(type_of_orbit[static_cast<std::size_t>(site.orbit)]);
  }
  return types;
}

int plain_space_group(const Crystal& crystal, const std::vector<int>& types, double tolerance) {
  const auto plain = find_operations(crystal, types, tolerance);
  if (!plain) {
    return 0;
  }
  const int number = space_group_of(plain->operations, plain->lattice, tolerance);
  const bool is_group = number >= 1 && number <= 230 &&
                        plain->operations.size() == static_cast<std::size_t>(point_group_order_of(number));
  return is_group && centring_fits(number, plain->operations) ? number : 0;
}

std::string_view name_of(CrystalSystem system) {
  return crystal_system_names.name(system);
}

CrystalSystem crystal_system_of(int space_group) {
  validate_number(space_group);
  static constexpr std::array last_of_system = {2, 15, 74, 142, 167, 194, 230};
  const auto system = std::ranges::lower_bound(last_of_system, space_group) - last_of_system.begin();
  return static_cast<CrystalSystem>(system);
}

int point_group_order_of(int space_group) {
  validate_number(space_group);
  static const std::array<int, 231> orders = [] {
    std::array<int, 231> table{};
    for (int number = 1; number <= 230; ++number) {
      table[static_cast<std::size_t>(number)] = count_rotations(number);
    }
    return table;
  }();
  return orders[static_cast<std::size_t>(space_group)];
}

std::string space_group_symbol(int space_group) {
  validate_number(space_group);
  return spg_get_spacegroup_type(first_setting_of(space_group)).international_short;
}

Symmetry find_symmetry(const Crystal& crystal, const SymmetryOptions& options) {
  if (crystal.sites.empty() || crystal.sites.size() > options.max_sites) {
    return {};
  }
  const auto types = occupation_types(crystal, options.occupancy_tolerance);
  int number = plain_space_group(crystal, types, options.tolerance);
  if (number == 0) {
    const auto dataset = spglib_dataset(crystal, types, options.tolerance);
    if (dataset == nullptr || dataset->spacegroup_number < 1) {
      return {};
    }
    number = dataset->spacegroup_number;
  }
  return {number, crystal_system_of(number), point_group_order_of(number), true};
}

} // namespace ionsift::crystal
