// SPDX-License-Identifier: BSD-3-Clause
// Search for orbits in crystals whose file lists every atom of the cell.
#pragma once

#include "ionsift/base/time_budget.hpp"
#include "ionsift/crystal/crystal.hpp"
#include "ionsift/crystal/read_options.hpp"

#include <vector>

namespace ionsift::crystal {

/// Joins the sites of a crystal without symmetry into orbits, as options.orbit_search specifies, and sets the
/// source of the orbits. Features of the orbits equal those of the single sites to within 1e-4.
/// @throws Error limit when the budget is exhausted
void find_orbits(Crystal& crystal, const ReadOptions& options, const TimeBudget& budget = {});

/// For each site the first site that spglib considers equivalent; empty if spglib fails.
/// @param tolerance angstrom
std::vector<int> spglib_orbits(const Crystal& crystal, double tolerance);

/// Equal numbers for sites with equal species.
std::vector<int> species_classes(const Crystal& crystal);

} // namespace ionsift::crystal
