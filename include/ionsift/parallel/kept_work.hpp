// SPDX-License-Identifier: BSD-3-Clause
// Independent pieces of work that a run may leave in its midst, and another run takes up.
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

/// Where the results of a job are kept while it is under way: a journal of each rank in a folder of the job's
/// own (work_journal.hpp), which is made when a run has worked for a second and removed when the job is done.
struct JobFolder {
  std::filesystem::path folder;
  std::string job;   ///< "ionsift order"
  std::string input; ///< everything that the results depend on, in short
};

/// What has come of a job's items.
struct KeptWork {
  std::uint64_t items = 0;
  std::uint64_t known = 0; ///< of these, that earlier runs have left
  WorkCost cost;           ///< of this run
  /// Results by item on rank 0, empty elsewhere; without those that are "null".
  std::map<std::uint64_t, std::string> results;

  bool interrupted() const { return known + cost.items < items; }
};

using ComputeItem = std::function<std::optional<std::string>(std::uint64_t item, Interruption& interruption)>;

/// Computes what earlier runs of the same job have not left, dearest items first, until all is done or the
/// run is to end (Interruption). What other jobs left in the folder is dropped. Collective.
/// @param costs of all items, in any unit; the same on all ranks
/// @param discard what is kept there, also of this job
/// @param compute gives a result as JSON on one line, "null" where there is nothing to tell, or nothing where
/// it was ended by the interruption. Everything that is wrong with an item is part of its result: what it
/// throws ends the run.
KeptWork work_through(const Communicator& comm, const std::vector<double>& costs, const JobFolder& place,
                      bool discard, const ComputeItem& compute);

/// Removes what was kept, when the results are where they belong. For rank 0.
void forget(const JobFolder& place);

} // namespace ionsift::parallel
