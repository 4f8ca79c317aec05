// SPDX-License-Identifier: BSD-3-Clause
// Assignment of oxidation states to a crystal's species.
#pragma once

#include "raw_structure.hpp"

namespace ionsift::crystal {

/// Uses the numbers of the file if it has one for every atom, otherwise those found by charge balance;
/// failing that, all are zero. Sets the source and the residual charge of the cell.
void assign_oxidation_states(Crystal& crystal, const RawStructure& raw);

} // namespace ionsift::crystal
