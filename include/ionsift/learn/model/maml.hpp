// SPDX-License-Identifier: BSD-3-Clause
// Detection of weights of maml's AtomSets.
#pragma once

#include <filesystem>

namespace ionsift::learn {

/// Whether a file is HDF5 with weights in maml's layout for AtomSets.
bool is_maml_file(const std::filesystem::path& path);

} // namespace ionsift::learn
