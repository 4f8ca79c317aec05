// SPDX-License-Identifier: BSD-3-Clause
// Counts of all ranks, and what rank 0 does once the store is written.
#pragma once

#include "ionsift/store/ingest/ingest.hpp"

#include <string>
#include <vector>

namespace ionsift::store {

/// Sums over all ranks; collective.
IngestSummary sum_over_ranks(const parallel::Communicator& comm, const IngestSummary& mine);

/// Writes the failures of a finished store as CSV, with a header also where there are none. Rank 0 only.
std::vector<crystal::Failure> write_failure_list(const std::filesystem::path& store);

/// The reason that most failures have: messages that differ in numbers and quoted names alone have the same.
void note_commonest(const std::vector<crystal::Failure>& failures, IngestSummary& summary);

/// Counts structures that have the id of one before them: 8 bytes for each structure that a rank writes.
class IdCensus {
public:
  void add(const std::string& id);
  /// Also warns, with an example; collective, once the store is written.
  std::uint64_t count_duplicates(const parallel::Communicator& comm, const std::filesystem::path& store);

private:
  std::vector<std::uint64_t> hashes_;
};

} // namespace ionsift::store
