// SPDX-License-Identifier: BSD-3-Clause
// The operations that map a crystal onto itself, where it is plain which ones these are.
#pragma once

#include "ionsift/crystal/crystal.hpp"

#include "operation.hpp"

#include <optional>
#include <vector>

namespace ionsift::crystal {

/// A primitive cell and the operations that map lattice and sites onto themselves, lattice translations left
/// out.
struct PlainOperations {
  Eigen::Matrix3d lattice; ///< rows a, b, c, of the same hand as the crystal's
  std::vector<Operation> operations;
};

/// Operations within `tolerance`. Nothing where it is not plain which ones these are: one misses by between a
/// third of the tolerance and three times as much, two sites are nearer to each other than that, or the cell
/// is a large supercell. What spglib decides there depends on how it gets at it.
/// @param types of the sites, equal for equal ones
/// @param tolerance angstrom
std::optional<PlainOperations> find_operations(const Crystal& crystal, const std::vector<int>& types,
                                               double tolerance);

} // namespace ionsift::crystal
