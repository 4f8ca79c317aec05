// SPDX-License-Identifier: BSD-3-Clause
// Detection of the space group of a crystal from its sites.
#pragma once

#include "ionsift/crystal/crystal.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace ionsift::crystal {

enum class CrystalSystem { triclinic, monoclinic, orthorhombic, tetragonal, trigonal, hexagonal, cubic };
std::string_view name_of(CrystalSystem system);

/// Crystal system of a space group (International Tables A), whatever the shape of the cell.
/// @param space_group 1 .. 230
/// @throws Error usage for any other number
CrystalSystem crystal_system_of(int space_group);

/// Order of the point group: 1 (P1) .. 48 (m-3m).
/// @param space_group 1 .. 230
/// @throws Error usage for any other number
int point_group_order_of(int space_group);

/// Short Hermann-Mauguin symbol in the group's first setting: "Fm-3m".
/// @param space_group 1 .. 230
/// @throws Error usage for any other number
std::string space_group_symbol(int space_group);

struct Symmetry {
  int space_group = 1;
  CrystalSystem system = CrystalSystem::triclinic;
  int point_group_order = 1;
  bool found = false; ///< false if spglib failed or was not called; the other fields are then those of P1
};

struct SymmetryOptions {
  double tolerance = 0.01; ///< largest distance of a site from its image, angstrom (pymatgen's default)
  double occupancy_tolerance = 1e-3; ///< occupancies that differ by less are equal
  std::size_t max_sites =
      4000; ///< larger cells are not searched: the time grows with the square of the sites
};

/// The space group of the arrangement of sites, each known by its elements and their occupancies; oxidation
/// states, labels and the orbits of the crystal do not count. It may differ from the group in the source: a
/// disordered average has the group of the average, and a P1 cell of rock salt that of rock salt. Found by
/// spglib (Togo & Tanaka, arXiv 1808.01590), mostly from operations found here. Never throws for a crystal.
Symmetry find_symmetry(const Crystal& crystal, const SymmetryOptions& options = {});

} // namespace ionsift::crystal
