// SPDX-License-Identifier: BSD-3-Clause
// Smaller cells of crystals whose cells hold a motif several times.
#pragma once

#include "ionsift/crystal/match/matcher.hpp"

namespace ionsift::crystal {

/// Divides the cell by every translation that maps each site onto one of its kind within `tolerance`
/// angstrom; the sites that become one are averaged. The lattice that remains is an exact fraction of the
/// given one, whatever noise the positions carry.
void make_primitive(MatchingCell& cell, double tolerance);

} // namespace ionsift::crystal
