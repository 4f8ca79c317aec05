// SPDX-License-Identifier: BSD-3-Clause
// Kept rows that are the same structure.
#pragma once

#include "ionsift/screen/screening.hpp"

namespace ionsift::screen {

/// Compares the best kept rows with each other by their stored crystals and fills `group` and `group_size`;
/// then the leaders come first. Rank 0 holds the rows. Collective.
/// @param place where comparisons are saved  @return false if the run was interrupted
bool group_kept(const parallel::Communicator& comm, const store::Reader& store,
                const ScreeningOptions& options, const parallel::JobFolder& place, ScreeningResult& result);

/// Adds the columns `group` and `group_size` to a table that has all others. Rank 0 calls it.
void write_groups(const std::filesystem::path& table, std::uint64_t structures,
                  const std::vector<Candidate>& kept);

} // namespace ionsift::screen
