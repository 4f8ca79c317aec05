// SPDX-License-Identifier: BSD-3-Clause
// The atoms of a CIF block.
#pragma once

#include "cif_block.hpp"
#include "raw_structure.hpp"

namespace ionsift::crystal {

/// Reads species, positions and occupancies into raw.atoms. Atoms that are left out are counted in warnings.
/// Uses raw.formula to understand labels.
/// @throws ReadError missing, data
void read_cif_atoms(const CifBlock& block, const ReadOptions& options, RawStructure& raw);

} // namespace ionsift::crystal
