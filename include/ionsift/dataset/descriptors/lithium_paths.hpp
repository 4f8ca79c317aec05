// SPDX-License-Identifier: BSD-3-Clause
// Lithium migration paths from bond-valence site energies; nothing in it is trained.
#pragma once

#include "ionsift/crystal/crystal.hpp"

#include <array>
#include <string_view>

namespace ionsift::dataset {

/// A lithium ion alone in the frozen rest of the crystal. Energies in eV, lengths in angstrom.
///
/// A barrier in k dimensions is the least energy, counted from the lowest of the cell, up to which the region
/// of lower energy connects lithium with its images along k independent directions.
struct LithiumPaths {
  std::array<double, 3> barrier = {0, 0,
                                   0}; ///< in 1, 2, 3 dimensions; PathOptions::highest where none is lower
  /// Radius of the largest sphere that passes along at least one direction between ions with Shannon's radii.
  double free_sphere_radius = 0;
  double accessible_volume = 0; ///< share of the cell within PathOptions::accessible of the lowest energy
  double lowest_energy = 0;     ///< lowest site energy of the cell, eV

  std::array<double, 5> values() const {
    return {barrier[0], barrier[1], barrier[2], free_sphere_radius, accessible_volume};
  }
};
inline constexpr std::array<std::string_view, 5> lithium_path_names = {
    "barrier_1d", "barrier_2d", "barrier_3d", "free_sphere_radius", "accessible_volume"};

struct PathOptions {
  double spacing = 0.25;    ///< angstrom between points of the grid, at most, unless there are too many
  int max_points = 500'000; ///< largest number of grid points; the grid of a large cell is coarser
  double highest = 10;      ///< eV above the lowest energy at which the search for paths ends
  double accessible = 0.5;  ///< eV
  double screening = 0.74;  ///< repulsion decays over this share of the sum of the covalent radii
};

/// Lithium and the framework: all species other than lithium, weighted with their occupancies, at rest.
///
/// Attraction by an anion X at R is D0 / 2 ((exp((Rmin - R) / b) - 1)^2 - 1) with the bond-valence parameters
/// of softBV (Chen, Adams, IUCrJ 2017, 4, 614) and D0 = 14.4 eV A |V_Li V_X| b^2 / (2 Rmin sqrt(n_Li n_X)), n
/// being principal quantum numbers (Adams, Rao, Phys. Status Solidi A 2011, 208, 1746); repulsion by a cation
/// is 14.4 eV A V_Li V_M erfc(R / (f (r_Li + r_M))) / (R sqrt(n_Li n_M)) with covalent radii r and the
/// screening f (Chen, Wong, Adams, Acta Cryst. B 2019, 75, 18).
/// @throws Error data (no lithium, no charges that balance, an anion without parameters), usage (options)
LithiumPaths find_lithium_paths(const crystal::Crystal& crystal, const PathOptions& options = {});

} // namespace ionsift::dataset
