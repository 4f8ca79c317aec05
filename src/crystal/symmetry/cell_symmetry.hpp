// SPDX-License-Identifier: BSD-3-Clause
// Checks of a cell's symmetry against operators.
#pragma once

#include "operation.hpp"

#include <Eigen/Core>
#include <array>
#include <vector>

namespace ionsift::crystal {

/// The largest relative difference between lengths, or angles in radian, that operations require to be equal:
/// max over rotations R and elements of |R^T G R - G|, G the metric tensor, in units of 2 |a_i| |a_j|. 0 for
/// a cell that fits.
/// @param lattice rows a, b, c
double cell_misfit(const Eigen::Matrix3d& lattice, const std::vector<Operation>& operations);

/// Derives missing angles from the operations. Those that they leave open are 90 degrees.
/// @param angles degrees; those missing are set
/// @return for each angle whether it was found
std::array<bool, 3> solve_angles(const std::array<double, 3>& lengths, std::array<double, 3>& angles,
                                 const std::array<bool, 3>& missing,
                                 const std::vector<Operation>& operations);

} // namespace ionsift::crystal
