// SPDX-License-Identifier: BSD-3-Clause
// Percolation levels: where regions of a periodic grid connect with their own images.
#pragma once

#include <Eigen/Core>
#include <array>
#include <span>
#include <vector>

namespace ionsift::dataset {

/// The lattice translations that the loops of a region span.
class Windings {
public:
  /// Adds a translation. @return whether the number of dimensions grew
  bool add(const Eigen::Vector3i& translation);
  bool add(const Windings& other);
  int dimensions() const { return static_cast<int>(independent_.size()); }

private:
  std::vector<Eigen::Vector3i> independent_;
};

/// Levels at which the points not above them first connect with their images in 1, 2 and 3 dimensions;
/// infinite where they do not up to `highest`. Points are neighbours of the 26 around them. Regions grow by
/// union-find; each point knows the lattice translation to its region's root, so that a bond inside of a
/// region closes a loop whose translation is known.
/// @param level [nx * ny * nz], z the fastest
std::array<double, 3> percolation_levels(std::span<const double> level, const std::array<int, 3>& points,
                                         double highest);

} // namespace ionsift::dataset
