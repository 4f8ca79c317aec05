// Counts of all ranks, and what rank 0 does once the store is written.
#pragma once

#include "ionsift/store/ingest.hpp"

namespace ionsift::store {

/// Sums over all ranks; collective.
IngestSummary sum_over_ranks(const parallel::Communicator& comm, const IngestSummary& mine);

/// Writes the failures of a finished store as CSV, with a header also where there are none. Rank 0 only.
void write_failure_list(const std::filesystem::path& store);

/// Structures that have the id of one before them; warns about the first. Rank 0 only.
std::uint64_t count_duplicate_ids(const std::filesystem::path& store);

} // namespace ionsift::store
