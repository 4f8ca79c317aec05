// SPDX-License-Identifier: BSD-3-Clause
// Structures in groups of about equally many, by a number known of each.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace ionsift::learn {

/// Positions by ascending value, cut into at most `groups` groups of about equally many. Equal values stay
/// together, so that groups do not depend on the order of the structures; there may be fewer then.
/// @throws Error data for a value that is NaN, usage for less than one group
std::vector<std::vector<std::size_t>> quantile_groups(std::span<const double> values, int groups);

} // namespace ionsift::learn
