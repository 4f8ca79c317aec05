// SPDX-License-Identifier: BSD-3-Clause
// What spglib is asked.
#pragma once

#include "ionsift/crystal/crystal.hpp"

#include "operation.hpp"

#include <spglib.h>

#include <Eigen/Core>
#include <memory>
#include <vector>

namespace ionsift::crystal {

using SpglibResult = std::unique_ptr<SpglibDataset, decltype(&spg_free_dataset)>;

/// What spglib finds (Togo & Tanaka, arXiv 1808.01590); nullptr where it gives up.
/// @param types of the sites, equal for equal ones
/// @param tolerance angstrom
SpglibResult spglib_dataset(const Crystal& crystal, const std::vector<int>& types, double tolerance);

/// The space group that operations form in a lattice; 0 where they form none. It takes a hundredth of the
/// time of spglib_dataset, which refines the positions of all sites besides.
/// @param lattice rows a, b, c
int space_group_of(const std::vector<Operation>& operations, const Eigen::Matrix3d& lattice,
                   double tolerance);

/// Where operation `i` of what was found for this lattice takes a position; fractional coordinates.
Eigen::Vector3d spglib_image(const SpglibDataset& dataset, int i, const Eigen::Matrix3d& lattice,
                             const Eigen::Vector3d& position);

} // namespace ionsift::crystal
