// SPDX-License-Identifier: BSD-3-Clause
// Reads what describes the crystal from a CIF block that does not follow the grammar.
#pragma once

#include "cif_block.hpp"

#include <string_view>
#include <variant>

namespace ionsift::crystal {

/// Looks at wanted tags and loops alone; what is wrong in others does no harm. Mends what leaves no doubt:
/// symbols of space groups, formulas and operators without quotes, unusual blanks and minus signs. Notes what
/// it met in the flaws of the block. Anything else that is wrong in a wanted tag or loop is an error.
/// @param part one data block, from its heading on; or a text without any heading
/// @param first_line of the part in its file
std::variant<CifBlock, CifSyntaxError> read_leniently(std::string_view part, long first_line);

/// The heading's name: "data_Li3 N old" -> "Li3 N old".
std::string block_name(std::string_view part);

} // namespace ionsift::crystal
