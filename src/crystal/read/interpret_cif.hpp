// SPDX-License-Identifier: BSD-3-Clause
// Conversion of the text of a CIF block to numbers, species and operators.
#pragma once

#include "cif_block.hpp"
#include "raw_structure.hpp"

namespace ionsift::crystal {

/// @throws Error; ReadError for an error in a known line
RawStructure interpret_cif(const CifBlock& block, const ReadOptions& options);

} // namespace ionsift::crystal
