// Sites that are equivalent in crystals whose file lists every atom of the cell.
#pragma once

#include "ionsift/crystal/crystal.hpp"

namespace ionsift::crystal {

/// Joins the sites of a crystal without symmetry into orbits: spglib proposes them, and of each proposed
/// orbit those sites stay together whose neighbours agree, orbit by orbit, in number and in distance (within
/// 1e-4 A, up to 6 A, and on the same side of every whole angstrom from 4 A on, where graphs are cut).
/// Features of the orbits then equal those of the single sites within the 1e-4 of the distances.
/// @param tolerance of spglib, angstrom
void find_environment_orbits(Crystal& crystal, double tolerance);

} // namespace ionsift::crystal
