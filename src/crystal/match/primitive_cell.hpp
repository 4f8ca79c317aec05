// SPDX-License-Identifier: BSD-3-Clause
// Primitive cells of crystals.
#pragma once

#include "ionsift/crystal/match/matcher.hpp"

namespace ionsift::crystal {

/// Divides the cell by every translation that maps each site onto one of its kind within `tolerance`
/// angstrom; the sites that become one are averaged. The resulting lattice is an exact fraction of the
/// given one, however noisy the positions are.
void make_primitive(MatchingCell& cell, double tolerance);

} // namespace ionsift::crystal
