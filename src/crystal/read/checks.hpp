// SPDX-License-Identifier: BSD-3-Clause
// Comparison of what a file declares about its content with what was read.
#pragma once

#include "raw_structure.hpp"

#include <optional>
#include <string>

namespace ionsift::crystal {

/// How the composition differs from the declared formula times a whole number of formula units (1, Z, or any
/// where no Z is declared), or nothing where they agree or no formula is declared.
std::optional<std::string> formula_mismatch(const Crystal& crystal, const RawStructure& raw);

/// Whether the cell holds exactly the declared formula, or Z times it. False where no formula is declared.
bool holds_declared_content(const Crystal& crystal, const RawStructure& raw);

/// Whether the cell holds the declared formula as often as the declared Z says; false without either. A
/// formula alone confirms nothing: an asymmetric unit often holds exactly one.
bool confirms_symmetry(const Crystal& crystal, const RawStructure& raw);

/// Rejects symmetry that nothing in the file confirms, unless the level is tolerant: operators whose
/// products had to be added, where neither the name of the group nor the declared content confirms the
/// completed list; and a group by an unknown name, taken as P1, where the declared content does not confirm
/// that.
/// @throws ReadError data
void check_symmetry(const Crystal& crystal, const RawStructure& raw, Strictness strictness);

/// Turns warnings of the standard level that may mean another crystal into errors at the strict
/// level.
/// @throws Error data with the text of the first such warning
void check_strictly(const Crystal& crystal);

} // namespace ionsift::crystal
