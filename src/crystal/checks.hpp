// What a file declares about its content, compared with what was read.
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

} // namespace ionsift::crystal
