// SPDX-License-Identifier: BSD-3-Clause
// Which tags of a CIF describe a crystal, and where their values go; apart from the parser that found them.
#pragma once

#include "cif_block.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ionsift::crystal {

/// Newer dictionaries write "_cell.length_a"; all tags are compared in lower case.
std::string normalized_tag(std::string_view tag);

/// Whether a tag, as normalized_tag() gives it, says something about the crystal.
bool is_wanted(std::string_view tag);
/// Whether its values are symmetry operators.
bool is_operation_tag(std::string_view tag);
/// Whether its value is a text that may hold blanks, as symbols of space groups and formulas do.
bool is_text_tag(std::string_view tag);
/// Tags whose number serves only to check others: what follows it on its line does no harm.
bool is_only_compared(std::string_view tag);

/// The wanted columns of one loop, by normalized tag, or a single value as a column of one row.
using CifColumns = std::vector<std::pair<std::string, std::vector<std::string>>>;

/// Puts the values of a loop, or of one tag, into the block. The first value of a tag counts. No-break spaces
/// and typographic minus signs become plain ones, which is noted in block.flaws.
/// @param line where the loop or tag stands
void add_columns(CifBlock& block, CifColumns columns, long line, bool is_loop);

/// Whether this is an operator as far as its commas tell: "x,y,z", also with time reversal, but not "x,".
bool looks_like_operation(std::string_view value);

/// Leaves out rows of the atom list that hold "?" alone; a list of nothing else is no list.
void drop_placeholders(CifBlock& block);

} // namespace ionsift::crystal
