// SPDX-License-Identifier: BSD-3-Clause
// Resumable jobs of independent items.
#pragma once

#include "ionsift/parallel/communicator.hpp"
#include "ionsift/parallel/interruption.hpp"
#include "ionsift/parallel/work_cost.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ionsift::parallel {

/// Where the results of a running job are saved: a journal of each rank in a folder of the job's
/// own (work_journal.hpp), created after one second of work and removed when the job is done.
struct JobFolder {
  std::filesystem::path folder;
  std::string job;   ///< "ionsift order"
  std::string input; ///< fingerprint of everything that the results depend on
};

/// Results and progress of a job.
struct KeptWork {
  std::uint64_t items = 0;
  std::uint64_t known = 0; ///< results from earlier runs, included above
  WorkCost cost;           ///< cost of this run
  /// Results by item on rank 0, empty elsewhere; without those that are "null".
  std::map<std::uint64_t, std::string> results;

  bool interrupted() const { return known + cost.items < items; }
};

using ComputeItem = std::function<std::optional<std::string>(std::uint64_t item, Interruption& interruption)>;

/// Computes the results missing from earlier runs of the same job, dearest items first, until all are done or
/// the run is interrupted (Interruption). Results of other jobs in the folder are dropped. Collective.
/// @param costs costs of all items, in any unit; the same on all ranks
/// @param discard drop saved results, also of this job
/// @param compute gives a result as JSON on one line, "null" without a result, or nothing if
/// it was interrupted. Problems of an item are part of its result: an exception
/// ends the run.
KeptWork work_through(const Communicator& comm, const std::vector<double>& costs, const JobFolder& place,
                      bool discard, const ComputeItem& compute);

/// Removes the saved results after the final ones are written. For rank 0.
void forget(const JobFolder& place);

} // namespace ionsift::parallel
