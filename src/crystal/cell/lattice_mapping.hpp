// SPDX-License-Identifier: BSD-3-Clause
// Bases of one lattice that resemble another cell.
#pragma once

#include <Eigen/Core>
#include <vector>

namespace ionsift::crystal {

/// A basis of a lattice: its vectors are the rows of `multiples` times the lattice.
struct LatticeMapping {
  Eigen::Matrix3i multiples; ///< determinant 1 or -1
  double deviation = 0;      ///< deviation of the cell parameters; smaller is more similar
};

/// Every basis of `lattice` whose edges differ from those of `target` by a factor of at most 1 +
/// length_tolerance and whose angles by at most `angle_tolerance` degrees, the most similar first. Both
/// lattices should be reduced: the search covers the lattice vectors up to the target's longest edge.
std::vector<LatticeMapping> lattice_mappings(const Eigen::Matrix3d& lattice, const Eigen::Matrix3d& target,
                                             double length_tolerance, double angle_tolerance);

} // namespace ionsift::crystal
