// SPDX-License-Identifier: BSD-3-Clause
// Partition of a crystal's sites by their environments.
#pragma once

#include "ionsift/base/time_budget.hpp"
#include "ionsift/crystal/crystal.hpp"

#include <vector>

namespace ionsift::crystal {

/// Radius of environments and cutoff of graphs, angstrom.
struct EnvironmentReach {
  double radius = 6.0;
  double cutoff = 4.0; ///< and every whole angstrom beyond it
};

/// The reach that graphs with a cutoff need: one angstrom more than the cutoff, at least 6; and where the
/// atoms, or those left when lithium is removed, have no neighbour that near, as far as the cutoff is then
/// raised.
EnvironmentReach reach_of(const Crystal& crystal, double cutoff);

/// Refines a partition of the sites until the members of each class have equal environments: within the
/// radius they have equally many neighbours of each class, at distances that agree within 5e-6 angstrom and
/// lie on the same side of every cutoff. What a network on a graph of neighbours computes for the members is
/// then the same, since it sees nothing but classes and distances.
/// @param classes one name for each site; sites with equal names may be equivalent
/// @return for each site the first site of its class
/// @throws Error limit when the budget is exhausted
std::vector<int> equal_environments(const Crystal& crystal, const std::vector<int>& classes,
                                    const TimeBudget& budget = {}, const EnvironmentReach& reach = {});

} // namespace ionsift::crystal
