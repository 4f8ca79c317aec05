// SPDX-License-Identifier: BSD-3-Clause
// Normalization of the spelling of numbers and units.
#pragma once

#include <string>
#include <string_view>

namespace ionsift::dataset {

/// Unifies characters that people and spreadsheets use interchangeably: every blank is a space, every minus
/// and hyphen "-", products "*", "±" is "+-", micro signs are "u", the ohm sign "ohm", superscripts "^-1",
/// subscripts plain digits, "≤" is "<=", "≈" is "~". Letter case stays.
std::string plain_text(std::string_view text);

} // namespace ionsift::dataset
