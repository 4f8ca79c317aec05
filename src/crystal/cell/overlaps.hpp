// SPDX-License-Identifier: BSD-3-Clause
// Detection of overlapping atoms.
#pragma once

#include "ionsift/base/time_budget.hpp"
#include "ionsift/crystal/crystal.hpp"

#include <optional>
#include <string>

namespace ionsift::crystal {

/// Pairs of sites nearer than 0.5 angstrom whose occupancies, hydrogen apart, sum to more than 1: how many,
/// and the nearest of them. Nothing if there are none.
/// @throws Error limit when the budget is exhausted
std::optional<std::string> find_overlaps(const Crystal& crystal, const TimeBudget& budget = {});

} // namespace ionsift::crystal
