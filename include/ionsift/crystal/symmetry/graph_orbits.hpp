// SPDX-License-Identifier: BSD-3-Clause
// Refinement of orbits that were found from environments, for graphs with a large cutoff.
#pragma once

#include "ionsift/base/time_budget.hpp"
#include "ionsift/crystal/crystal.hpp"

namespace ionsift::crystal {

/// Largest cutoff of graphs, angstrom, for which the orbits of a crystal as read are valid.
inline constexpr double usual_cutoff = 5.0;

/// Splits orbits that were found from environments where those differ within the reach of graphs with
/// this cutoff. Does nothing up to the usual cutoff, nor to orbits that come from operators.
/// @param cutoff angstrom
/// @throws Error limit when the budget is exhausted
void refine_orbits(Crystal& crystal, double cutoff, const TimeBudget& budget = {});

} // namespace ionsift::crystal
