// SPDX-License-Identifier: BSD-3-Clause
// Tables of others that a screening is shown with.
#pragma once

#include "ionsift/dataset/labels/known_compounds.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/screen/discovery_lists.hpp"

#include <filesystem>
#include <string>
#include <unordered_map>

namespace ionsift::cli {

/// Renames known compounds to the ids of a store, and reports which are not in it. Collective.
/// @param table that they are from
/// @throws Error data where none is in the store and none has a composition
void name_as_stored(const parallel::Communicator& comm, const std::filesystem::path& store,
                    const std::filesystem::path& table,
                    std::unordered_map<std::string, dataset::KnownCompound>& known);

/// What ionsift barrier found, by id. @throws Error missing (file, column)
std::unordered_map<std::string, screen::PathValues> read_barriers(const std::filesystem::path& path);

/// Cuts from out-of-fold predictions, of the first variant that the file has.
/// @param coverage of each class
learn::ConformalCuts read_cuts(const std::filesystem::path& path, double coverage);

} // namespace ionsift::cli
