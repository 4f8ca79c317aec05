// SPDX-License-Identifier: BSD-3-Clause
// Conversion of printed Python dictionaries, which carelessly written tables contain, to JSON.
#pragma once

#include <string>
#include <string_view>

namespace ionsift::crystal {

/// Whether a text is a dictionary or list in Python's notation and not JSON: {'lattice': ...}.
bool looks_like_python(std::string_view text);

/// The same as JSON: texts in double quotes, true, false, null; tuples as lists. Anything else stays
/// unchanged and is rejected by the parser.
std::string json_of_python(std::string_view text);

} // namespace ionsift::crystal
