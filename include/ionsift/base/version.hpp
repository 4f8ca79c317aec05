// SPDX-License-Identifier: BSD-3-Clause
// The version of ionsift.
#pragma once

#include <string_view>

namespace ionsift {

/// Semantic version of the program, for example "0.1.0".
std::string_view version();
/// Compiler and build type, for example "GNU 12.2.0 Release".
std::string_view build_description();

} // namespace ionsift
