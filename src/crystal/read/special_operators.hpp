// SPDX-License-Identifier: BSD-3-Clause
// The spatial parts of the operators of magnetic and modulated structures.
#pragma once

#include "cif_block.hpp"
#include "symmetry/operation.hpp"

namespace ionsift::crystal {

/// Every operator combined with every centring; time reversal and the phases of modulations are dropped,
/// and of operators that are then equal, one is retained.
/// @throws Error as parse_operation; data where the position depends on a phase
OperationGroup spatial_group(const SpecialOperators& listed);

/// "P n' m' a.1'" as "P n m a": the group of the atoms. Nothing for groups with translations that reverse
/// time ("P_I -1"), whose lattice cannot be derived from the name.
std::optional<std::string> spatial_name(std::string_view magnetic);

} // namespace ionsift::crystal
