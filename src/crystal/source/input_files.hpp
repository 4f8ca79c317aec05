// SPDX-License-Identifier: BSD-3-Clause
// Resolution of input paths.
#pragma once

#include "ionsift/crystal/source/source.hpp"

#include <filesystem>
#include <optional>

namespace ionsift::crystal {

/// The file that an entry's source such as "folder/x.tar.gz/a.cif" or "dump.json#mp-1" points into.
std::optional<InputPart> find_container(const std::filesystem::path& input);

} // namespace ionsift::crystal
