// SPDX-License-Identifier: BSD-3-Clause
// The featurize pipeline: entries -> crystals -> features -> store, on all ranks.
#pragma once

#include "ionsift/base/timer.hpp"
#include "ionsift/crystal/source/source.hpp"
#include "ionsift/megnet/featurizer.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/parallel/work_cost.hpp"
#include "ionsift/store/format/history.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace ionsift::store {

struct IngestOptions {
  std::vector<std::filesystem::path> inputs;
  std::filesystem::path parent;
  std::filesystem::path store;
  megnet::FeaturizerOptions featurizer;
  crystal::SourceOptions source;
  crystal::ReadOptions read;
  std::string release;      ///< name of what the inputs are; empty for the inputs' own names
  std::string release_time; ///< time of that release; empty for now
  bool overwrite = false;   ///< replace an existing store instead of updating it
  std::size_t batch_entries =
      4096; ///< entries, over all ranks, that a kill may cost; also 1 MiB or 5 s a rank
};

struct IngestSummary {
  std::uint64_t entries = 0;    ///< files and archive members that hold structures
  std::uint64_t structures = 0; ///< number of structures in the store
  std::uint64_t failures = 0;
  std::uint64_t sites = 0;         ///< number of sites in the cells
  std::uint64_t rows = 0;          ///< symmetry-distinct sites
  std::uint64_t edges = 0;         ///< edges in the graphs of all representations
  std::uint64_t reused = 0;        ///< entries whose records were there already
  Release release;                 ///< changes made by this run
  std::uint64_t duplicate_ids = 0; ///< structures with the id of one before them
  std::map<std::string, std::uint64_t> failures_by_code;
  std::map<std::string, std::uint64_t> warnings_by_code;
  parallel::WorkCost cost; ///< cost of this run
  bool interrupted =
      false; ///< interrupted (parallel::Interruption): there is no store yet, the same call resumes
  crystal::SourceNotes source;       ///< what was skipped, and which structures have no id
  std::string commonest_failure;     ///< the message of one with the reason that most have; empty without any
  std::uint64_t commonest_count = 0; ///< failures for that reason
};

/// Makes a store, or brings an existing one up to date: entries whose content and id it holds are not
/// computed again, and the result is what the inputs alone would give, except for its history. The new file
/// replaces the old one at the very end. After a kill the same call resumes: finished
/// work is in STORE.partial.d. STORE.lock keeps a second run away. An interrupted run resumes as well:
/// then `entries` are those worked on, and only `structures` and `failures` count what they gave.
///
/// Collective; the summary is complete on every rank. Each rank reads and parses its own share of the input
/// and appends what it has finished to a file of its own; when all are done, the store is written from these
/// files, every dataset once and at its final size. A rank's memory is 1 MiB of records, 32 bytes for each
/// structure, and in the end a window of 16 MiB. Writes STORE and, beside it, its failure list (source,
/// block, line, code, message). Phases: "reading" (of files that are entries), "unpacking" (of archives,
/// documents and tables), "parsing", "features", "reusing" (looking up what is known), "keeping" (handing
/// finished records to their file), "waiting" (for other ranks), "writing".
/// @throws Error for what concerns the run as a whole (conflict: the store was made with other options, or
/// another run holds it); what is wrong with one structure becomes a failure
IngestSummary ingest(const parallel::Communicator& comm, const IngestOptions& options, PhaseTimes& phases);

/// "features/obelix.h5" -> "features/obelix.failures.csv"; of a store with another ending the whole name
/// stays, so that stores that share a stem do not share the list.
std::filesystem::path failure_list_of(const std::filesystem::path& store);

} // namespace ionsift::store
