// The images of an atom under a group of operations.
#pragma once

#include "raw_structure.hpp"

#include <Eigen/Core>
#include <vector>

namespace ionsift::crystal {

/// Puts an atom exactly onto the special position that it is written for, and applies all operations.
///
/// An operation belongs to the site symmetry when it moves the atom by less than `merge_tolerance` of each
/// cell edge, or by no more than the rounding of the written coordinates explains (0.3333 for 1/3) and less
/// than 0.1 angstrom; where the file declares a multiplicity that only the first rule gives, the first rule
/// holds.
/// @return images in the cell, all different, the atom itself first
std::vector<Eigen::Vector3d> expand_atom(const RawAtom& atom, const std::vector<Operation>& operations,
                                         const Eigen::Matrix3d& lattice, double merge_tolerance);

} // namespace ionsift::crystal
