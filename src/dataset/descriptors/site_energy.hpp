// SPDX-License-Identifier: BSD-3-Clause
// Maps of a cell: the energy of a lithium ion in the frozen framework, and the distance to its ions.
#pragma once

#include "ionsift/dataset/descriptors/lithium_paths.hpp"

#include <vector>

namespace ionsift::dataset {

/// Values at the points of a grid in the Minkowski-reduced cell, z the fastest.
struct CellMap {
  std::array<int, 3> points{};
  std::vector<double> value;
};

/// Bond-valence site energy of Li+ in eV (find_lithium_paths). @throws Error data
CellMap site_energies(const crystal::Crystal& crystal, const PathOptions& options);

/// Distance in angstrom to the surface of the nearest ion of the framework, at most 3. Sites that hold a
/// framework's ion with a probability of at least a half count.
CellMap free_distances(const crystal::Crystal& crystal, const PathOptions& options);

} // namespace ionsift::dataset
