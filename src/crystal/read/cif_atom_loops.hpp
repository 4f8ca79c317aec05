// SPDX-License-Identifier: BSD-3-Clause
// Joining of atom columns that a CIF gives in several loops.
#pragma once

#include "cif_block.hpp"

namespace ionsift::crystal {

/// The atoms of a block as one table. Columns of further loops are joined by the labels of the atoms,
/// whatever the order of their rows; without labels, or if they are ambiguous, there is no way to know
/// which row belongs to which.
/// @throws ReadError data
CifTable join_atom_loops(const CifBlock& block);

} // namespace ionsift::crystal
