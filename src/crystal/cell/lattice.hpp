// SPDX-License-Identifier: BSD-3-Clause
// Lattice vectors from lengths and angles, and validation of unit cells.
#pragma once

#include "ionsift/crystal/read_options.hpp"

#include <Eigen/Core>
#include <array>

namespace ionsift::crystal {

/// Rows a, b, c with a along x and b in the xy plane.
/// @param lengths angstrom  @param angles degrees
/// @throws Error data (not positive, angles that form no cell), limit (longer than options.max_cell_edge)
Eigen::Matrix3d lattice_from_parameters(const std::array<double, 3>& lengths,
                                        const std::array<double, 3>& angles, const ReadOptions& options);

/// @throws Error data (not finite, no volume, flat), limit (an edge too long)
void validate_lattice(const Eigen::Matrix3d& lattice, const ReadOptions& options);

/// Angles alpha, beta, gamma in degrees.
Eigen::Vector3d angles_of(const Eigen::Matrix3d& lattice);

} // namespace ionsift::crystal
