// SPDX-License-Identifier: BSD-3-Clause
// The CIF tags that describe a crystal, and where their values go; independent of the parser.
#pragma once

#include "cif_block.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ionsift::crystal {

/// Newer dictionaries write "_cell.length_a"; all tags are compared in lower case.
std::string normalized_tag(std::string_view tag);

/// Whether a tag, as normalized_tag() gives it, describes the crystal.
bool is_wanted(std::string_view tag);
/// Whether its values are symmetry operators.
bool is_operation_tag(std::string_view tag);
/// Whether its value is a text that may contain blanks, such as a space group symbol or a formula.
bool is_text_tag(std::string_view tag);
/// Whether its number only checks others, so that trailing text on its line is harmless.
bool is_only_compared(std::string_view tag);

/// The wanted columns of one loop, by normalized tag, or a single value as a column of one row.
using CifColumns = std::vector<std::pair<std::string, std::vector<std::string>>>;

/// Puts the values of a loop, or of one tag, into the block. The first value of a tag counts. No-break spaces
/// and typographic minus signs become plain ones, which is noted in block.flaws.
/// @param line line of the loop or tag
void add_columns(CifBlock& block, CifColumns columns, long line, bool is_loop);

/// Whether this looks like an operator, judged by its commas: "x,y,z", also with time reversal, but not "x,".
bool looks_like_operation(std::string_view value);

/// Removes rows of the atom list that hold only "?", and a list that holds nothing else.
void drop_placeholders(CifBlock& block);

} // namespace ionsift::crystal
