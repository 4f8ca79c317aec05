// SPDX-License-Identifier: BSD-3-Clause
// Supercells.
#pragma once

#include "ionsift/base/time_budget.hpp"
#include "ionsift/crystal/crystal.hpp"
#include "ionsift/crystal/order/ewald.hpp"

#include <Eigen/Core>

namespace ionsift::crystal {

/// The same crystal described by repeats(0) x repeats(1) x repeats(2) cells. Sites are ordered by cell: site
/// s of cell c is at c * sites + s, and the last axis varies fastest. Orbits are the same, with more sites.
Crystal make_supercell(const Crystal& crystal, const Eigen::Vector3i& repeats);

/// Numbers of cells along the axes whose product is `multiple`, such that the shortest vector of the
/// supercell's lattice is as long as possible.
Eigen::Vector3i roundest_repeats(const Eigen::Matrix3d& lattice, int multiple);

/// The crystal without an element; orbits left empty are removed with their sites.
Crystal without_element(const Crystal& crystal, int atomic_number);

/// Electrostatic interactions of all sites of make_supercell(crystal, repeats), as interaction_matrix gives
/// them; but uses the translations within the supercell. [sites x sites], eV.
/// @throws Error limit when the budget is exhausted
Eigen::MatrixXd supercell_interactions(const Crystal& crystal, const Eigen::Vector3i& repeats,
                                       const EwaldOptions& options = {}, const TimeBudget& budget = {});

} // namespace ionsift::crystal
