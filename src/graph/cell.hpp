// The lattice turned so that a lies along x and b in the xy plane.
#pragma once

#include <Eigen/Core>

namespace ionsift::graph {

/// In this frame the images of a point inside a sphere are found axis by axis: c alone decides about z, then
/// b about y, then a about x, each from what the sphere leaves. Nothing outside is ever looked at.
struct TriangularCell {
  double ax = 0;
  double bx = 0, by = 0;
  double cx = 0, cy = 0, cz = 0;

  /// @throws Error data unless the lattice is finite and has a volume
  static TriangularCell from_lattice(const Eigen::Matrix3d& lattice);
  double volume() const { return ax * by * cz; }
};

} // namespace ionsift::graph
