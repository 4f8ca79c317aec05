// SPDX-License-Identifier: BSD-3-Clause
// Finding the parent network where no option names one.
#pragma once

#include <filesystem>
#include <string>

namespace ionsift::cli {

/// The weights that --parent names, as find_input finds them; without a name the published formation-energy
/// network in the data folder, else the small one that comes with the program (in an installation
/// share/ionsift/inputs/parent, in a clone inputs/parent), which is reported.
/// @throws Error missing where there is none
std::filesystem::path find_parent(const std::string& requested, const std::string& data);

} // namespace ionsift::cli
