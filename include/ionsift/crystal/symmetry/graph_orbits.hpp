// SPDX-License-Identifier: BSD-3-Clause
// Orbits that were found by their surroundings, and how far these have to be looked at.
#pragma once

#include "ionsift/base/time_budget.hpp"
#include "ionsift/crystal/crystal.hpp"

namespace ionsift::crystal {

/// Graphs up to this cutoff, angstrom, are what the orbits of a crystal as it is read are good for.
inline constexpr double usual_cutoff = 5.0;

/// Splits orbits that were found by their surroundings where those differ within the reach of graphs with
/// this cutoff. Nothing happens up to the usual cutoff, nor to orbits that operators give.
/// @param cutoff angstrom
/// @throws Error limit when the budget is used up
void refine_orbits(Crystal& crystal, double cutoff, const TimeBudget& budget = {});

} // namespace ionsift::crystal
