// SPDX-License-Identifier: BSD-3-Clause
// The whole of `featurize`, and of the prediction of band gaps.
#pragma once

#include "ionsift/parallel/communicator.hpp"
#include "ionsift/store/ingest/ingest.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>

namespace ionsift::bench {

struct PipelineOptions {
  store::IngestOptions ingest;
  std::filesystem::path gap_parent; ///< empty: no gaps are predicted
  int passes = 3;
};

/// Featurizes the inputs into a store and, on request, predicts the gaps of its structures, as `screen`
/// does; several times. Collective. Milliseconds per structure (median, least), structures per second, phases
/// of this rank, processor seconds of all ranks, peak memory of the largest rank. The store remains.
nlohmann::json measure_pipeline(const parallel::Communicator& comm, const PipelineOptions& options);

} // namespace ionsift::bench
