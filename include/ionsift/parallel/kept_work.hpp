// SPDX-License-Identifier: BSD-3-Clause
// Independent pieces of work that a run may leave unfinished, and that the next run resumes.
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

/// Where the results of a job are saved while it runs: a log of each rank in a folder of the job's own
/// (log_folder.hpp), which is made when a run has worked for a second and removed when the job is done.
struct JobFolder {
  std::filesystem::path folder;
  std::string job;   ///< "ionsift order"
  std::string input; ///< fingerprint of everything that the results depend on
  /// Names what distinguishes jobs, for messages.
  std::string differs = "structures, options or program version";
  /// The results are what the job is for: all are saved until `forget`, and those of another job are
  /// refused. Otherwise a short run saves nothing, and results of another job are dropped.
  bool lasting = false;
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

/// Computes the results that earlier runs of the same job have not left, most expensive items first, until
/// all are there or the run is to end (Interruption). Collective.
/// @param costs of all items, in any unit; the same on all ranks
/// @param discard whether to discard earlier results, also those of this job
/// @param compute gives a result as JSON on one line, "null" where there is nothing to report, or nothing
/// where it was interrupted. An item's own errors are part of its result: an exception ends the run.
/// @throws Error conflict for results of another job, where the place is lasting
KeptWork work_through(const Communicator& comm, const std::vector<double>& costs, const JobFolder& place,
                      bool discard, const ComputeItem& compute);

/// Items that one rank works on at a time.
using Piece = std::vector<std::uint64_t>;
using FinishItem = std::function<void(std::uint64_t item, std::string result)>;

/// A job whose items are worked on several at a time, or whose results are more than their text.
struct Job {
  std::uint64_t items = 0;
  /// Cost of an open item, in any unit; the same on all ranks. Called in the order of the items.
  std::function<double(std::uint64_t item)> cost;
  /// Whether a result of an earlier run is still valid (its file may be gone); none: all are valid.
  std::function<bool(std::uint64_t item, const std::string& result)> holds = {};
  /// The open items in pieces, the same on all ranks; none: one by one.
  std::function<std::vector<Piece>(const std::vector<std::uint64_t>& open)> divide = {};
  /// Calls `finish` for every item that it has finished. @return whether the piece was finished; otherwise
  /// the interruption has ended it
  std::function<bool(const Piece& piece, Interruption& interruption, const FinishItem& finish)> compute;
};
/// For Job::compute, where pieces are single items.
decltype(Job::compute) one_by_one(ComputeItem compute);
KeptWork work_through(const Communicator& comm, const Job& job, const JobFolder& place, bool discard = false);

/// The results of rank 0 as one JSON list, on every rank; collective.
std::string broadcast_results(const Communicator& comm, const KeptWork& work);

/// Removes the saved results, once they are in their final place. For rank 0.
void forget(const JobFolder& place);

} // namespace ionsift::parallel
