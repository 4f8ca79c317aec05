// SPDX-License-Identifier: BSD-3-Clause
// Letters, digits and names common to type symbols and labels.
#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>

namespace ionsift::crystal {

bool is_letter(char c);
bool is_digit(char c);
bool is_upper(char c);
bool is_lower(char c);

std::string_view leading_letters(std::string_view text);
bool is_one_of(std::string_view word, std::initializer_list<std::string_view> names);

/// "X", "Vac", "Du", "Cg" and similar names, which stand for no atom.
bool names_dummy(std::string_view letters);

/// "3+", "+3", "2.5+", "+", "-2", "0+"; nothing if it is not a charge. A bare number is not one: "Fe1".
std::optional<double> parse_charge(std::string_view text);

/// A group of one heavy atom and hydrogen: "OH", "H2O", "NH4", "Wat".
struct HydrogenGroup {
  int atomic_number = 0;
  std::size_t length = 0; ///< length of the text that names it
};

/// The longest such group that the text begins with, where no lower-case letter follows.
std::optional<HydrogenGroup> leading_hydrogen_group(std::string_view text);

} // namespace ionsift::crystal
