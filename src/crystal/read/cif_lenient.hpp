// SPDX-License-Identifier: BSD-3-Clause
// A lenient reader of CIF blocks that do not follow the grammar.
#pragma once

#include "cif_block.hpp"

#include <string_view>
#include <variant>

namespace ionsift::crystal {

/// Reads only the wanted tags and loops; errors in others are ignored. Repairs what is unambiguous:
/// symbols of space groups, formulas and operators without quotes, unusual blanks and minus signs. Records
/// the repairs in the flaws of the block. Anything else that is wrong in a wanted tag or loop is an error.
/// @param part one data block, from its heading on, or a text without a heading
/// @param first_line line of the part in its file
std::variant<CifBlock, CifSyntaxError> read_leniently(std::string_view part, long first_line);

/// The heading's name: "data_Li3 N old" -> "Li3 N old".
std::string block_name(std::string_view part);

} // namespace ionsift::crystal
