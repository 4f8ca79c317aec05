// SPDX-License-Identifier: BSD-3-Clause
// What Python prints of its dictionaries, as tables hold it that were written without care.
#pragma once

#include <string>
#include <string_view>

namespace ionsift::crystal {

/// Whether a text is a dictionary or list in Python's notation and not JSON: {'lattice': ...}.
bool looks_like_python(std::string_view text);

/// The same as JSON: texts in double quotes, true, false, null; tuples as lists. What is something else stays
/// as it is, for the parser to refuse.
std::string json_of_python(std::string_view text);

} // namespace ionsift::crystal
