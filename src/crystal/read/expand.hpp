// SPDX-License-Identifier: BSD-3-Clause
// Images of an atom under a group of operations.
#pragma once

#include "raw_structure.hpp"

#include <Eigen/Core>
#include <vector>

namespace ionsift::crystal {

/// A position and the operations that map it exactly onto itself.
struct SpecialPosition {
  Eigen::Vector3d position;
  std::vector<const Operation*> stabilizer;
  double moved = 0;            ///< shift by the last accepted operations, angstrom
  bool is_wide = false;        ///< whether it moved farther than rounding explains
  bool by_uncertainty = false; ///< whether the uncertainties of the coordinates explain the shift
};

/// The possible positions of an atom.
struct PositionChoices {
  std::vector<SpecialPosition> positions; ///< never empty; the first is the usual one
};

/// The positions that an atom's coordinates may stand for. First, an operation belongs to the site symmetry
/// when it moves the atom by less than `merge_tolerance` of each cell edge, or by no more than the rounding
/// of the written coordinates explains (0.3333 for 1/3) and less than 0.1 angstrom. Then the choice without
/// the second rule, and wider ones, up to 0.5 angstrom, the widest first. Each is a group's.
PositionChoices special_positions(const RawAtom& atom, const std::vector<Operation>& operations,
                                  const Eigen::Matrix3d& lattice, double merge_tolerance);

/// The images of a position: all different, in the cell, that of the identity first.
std::vector<Eigen::Vector3d> images_of(const SpecialPosition& site, const std::vector<Operation>& operations);

} // namespace ionsift::crystal
