// SPDX-License-Identifier: BSD-3-Clause
// The interface to spglib.
#pragma once

#include "ionsift/crystal/crystal.hpp"

#include "operation.hpp"

#include <spglib.h>

#include <Eigen/Core>
#include <memory>
#include <vector>

namespace ionsift::crystal {

using SpglibResult = std::unique_ptr<SpglibDataset, decltype(&spg_free_dataset)>;

/// The result of spglib (Togo & Tanaka, arXiv 1808.01590); nullptr if it fails.
/// @param types types of the sites, equal for equal sites
/// @param tolerance angstrom
SpglibResult spglib_dataset(const Crystal& crystal, const std::vector<int>& types, double tolerance);

/// The space group that operations form in a lattice; 0 if they form none. It takes a hundredth of the time of
/// spglib_dataset, which also refines the positions of all sites.
/// @param lattice rows a, b, c
int space_group_of(const std::vector<Operation>& operations, const Eigen::Matrix3d& lattice,
                   double tolerance);

/// The image of a position under operation `i` of the result for this lattice; fractional coordinates.
Eigen::Vector3d spglib_image(const SpglibDataset& dataset, int i, const Eigen::Matrix3d& lattice,
                             const Eigen::Vector3d& position);

} // namespace ionsift::crystal
