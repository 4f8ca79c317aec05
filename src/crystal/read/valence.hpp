// SPDX-License-Identifier: BSD-3-Clause
// Oxidation states of a crystal's species.
#pragma once

#include "raw_structure.hpp"

namespace ionsift::crystal {

/// Keeps the numbers of the file where it has one for every atom; else those found by charge balance; else
/// all are zero. Sets the source and the residual charge of the cell.
void assign_oxidation_states(Crystal& crystal, const RawStructure& raw);

} // namespace ionsift::crystal
