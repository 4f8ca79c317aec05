// SPDX-License-Identifier: BSD-3-Clause
// Periodic images of a point near another point.
#pragma once

#include <Eigen/Core>
#include <vector>

namespace ionsift::crystal {

/// Finds all images of a point within a radius of the origin. The lattice vectors that can matter are listed
/// once, in the shortest basis; an image then costs one addition and one comparison, vectorized.
class ImageSearch {
public:
  /// @param lattice rows a, b, c in angstrom, with a volume  @param radius angstrom
  /// @throws Error limit for a cell so thin that millions of images would have to be checked
  ImageSearch(const Eigen::Matrix3d& lattice, double radius);

  /// Appends the squared distances (square angstrom) from the origin to all images within the radius, itself
  /// included, in an order that depends on the lattice alone.
  /// @param offset fractional coordinates of the point
  void append_squared(const Eigen::Vector3d& offset, std::vector<double>& squared);

private:
  Eigen::Matrix3d to_reduced_;    ///< fractional coordinates in the given basis (columns) to the shortest one
  Eigen::Matrix3d to_space_;      ///< from there to angstrom
  double limit_;                  ///< largest squared distance, square angstrom
  std::vector<double> x_, y_, z_; ///< lattice vectors, angstrom
  std::vector<double> all_;       ///< squared distances to all of them, square angstrom
};

} // namespace ionsift::crystal
