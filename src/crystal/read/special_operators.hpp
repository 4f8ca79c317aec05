// SPDX-License-Identifier: BSD-3-Clause
// Operators of magnetic and of modulated structures: what they do in space.
#pragma once

#include "cif_block.hpp"
#include "symmetry/operation.hpp"

namespace ionsift::crystal {

/// Every operator combined with every centring; time reversal and the phases of modulations are dropped, and
/// of operators that are then the same one stays.
/// @throws Error as parse_operation; data where the position depends on a phase
OperationGroup spatial_group(const SpecialOperators& listed);

/// "P n' m' a.1'" as "P n m a": the group of the atoms. Nothing for groups with translations that reverse
/// time ("P_I -1"), whose lattice the name does not tell.
std::optional<std::string> spatial_name(std::string_view magnetic);

} // namespace ionsift::crystal
