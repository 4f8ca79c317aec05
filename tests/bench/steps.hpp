// SPDX-License-Identifier: BSD-3-Clause
// The steps from a CIF to the store.
#pragma once

#include "ionsift/megnet/featurizer.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <vector>

namespace ionsift::bench {

struct StepOptions {
  std::vector<std::filesystem::path> inputs;
  std::filesystem::path parent;
  std::filesystem::path scratch; ///< folder for the store
  std::vector<crystal::Representation> representations;
  megnet::Request request;
  std::size_t every = 1; ///< only one entry of this many
  int passes = 5;
};

/// Runs every step of `featurize` over all entries, pass by pass, with the functions that `featurize` calls.
/// For each step milliseconds per structure (the median of the passes, and the mean over structures of each
/// one's least; reading and writing as a whole), for those of the network also GFLOP/s; counts of structures,
/// rows and edges; "same": whether the features equal those of megnet::Featurizer bit by bit. Entries that
/// fail are counted and left out.
/// @throws Error when no entry is left
nlohmann::json measure_steps(const StepOptions& options);

} // namespace ionsift::bench
