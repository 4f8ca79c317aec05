// The featurize pipeline: entries -> crystals -> features -> store, on all ranks, batch by batch.
#pragma once

#include "ionsift/base/timer.hpp"
#include "ionsift/crystal/source.hpp"
#include "ionsift/megnet/featurizer.hpp"
#include "ionsift/parallel/communicator.hpp"

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
  crystal::ReadOptions read;
  bool overwrite = false;
  std::size_t batch_entries = 2048;            ///< entries of one batch, over all ranks
  std::size_t batch_bytes = 64 * 1024 * 1024;  ///< and bytes
};

struct IngestSummary {
  std::uint64_t entries = 0, structures = 0, failures = 0, sites = 0, rows = 0, edges = 0;
  std::map<std::string, std::uint64_t> failures_by_code;
  std::map<std::string, std::uint64_t> warnings_by_code;
};

/// Collective; the summary is complete on every rank. Memory is bounded by the batch.
/// Writes STORE and, beside it, STORE's stem + ".failures.csv" (source, block, line, code, message).
IngestSummary ingest(const parallel::Communicator& comm, const IngestOptions& options, PhaseTimes& phases);

} // namespace ionsift::store
