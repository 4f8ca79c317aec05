// SPDX-License-Identifier: BSD-3-Clause
// Execution of a search on all ranks.
#pragma once

#include "ionsift/learn/model/classifier.hpp"
#include "ionsift/learn/search/search.hpp"
#include "ionsift/parallel/work_cost.hpp"

#include <functional>

namespace ionsift::learn {

/// Called after every epoch with the score on the validated structures; false ends the training.
using AfterEpoch = std::function<bool(int epoch, double score)>;
/// Trains one configuration for at most so many epochs as the halving allows.
using TrainTask = std::function<TrainingRecord(const SearchTask& task, const AfterEpoch& after)>;

/// Result of run_search, on every rank.
struct SearchRun {
  bool done = false;       ///< otherwise the run was interrupted (parallel::Interruption)
  parallel::WorkCost cost; ///< cost of this run, in trainings that have ended
};

/// Trains until the search is done, or the run is to end; collective. Every rank takes a training, reports at
/// its rungs, and requests the next. Rank 0 owns the search, and trains as well: it answers the others
/// between its own epochs, so that they wait for at most one of these, at rungs and between trainings alone.
///
/// Which rank trains what, and with several ranks also in which order results arrive, depends on speed;
/// proposals and decisions, and so the winner, may differ from run to run. With one rank they do not. An
/// exception on one rank must end the run (parallel::run_guarded), as others wait for this rank's messages.
/// @param search on rank 0; nullptr elsewhere  @param options those of the search, on every rank
SearchRun run_search(const parallel::Communicator& comm, Search* search, const SearchOptions& options,
                     const TrainTask& train);

} // namespace ionsift::learn
