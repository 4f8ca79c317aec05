// SPDX-License-Identifier: BSD-3-Clause
// Short bases of lattices.
#pragma once

#include <Eigen/Core>

namespace ionsift::crystal {

/// The Minkowski-reduced basis of a lattice (rows): the shortest vectors that span it, by ascending length
/// (Semaev, CaLC 2001). Where several bases are equally short, any of them.
Eigen::Matrix3d minkowski_reduced(const Eigen::Matrix3d& lattice);

/// Lengths of a, b, c in angstrom and the angles alpha, beta, gamma in degrees.
struct CellParameters {
  Eigen::Vector3d lengths;
  Eigen::Vector3d angles;
};
CellParameters cell_parameters(const Eigen::Matrix3d& lattice);
/// The lattice with these parameters, a along x and b in the xy plane.
Eigen::Matrix3d lattice_of(const CellParameters& parameters);

} // namespace ionsift::crystal
