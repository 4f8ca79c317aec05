// SPDX-License-Identifier: BSD-3-Clause
// Search for configurations with leave-one-cluster-out validation.
#pragma once

#include "ionsift/dataset/split/folds.hpp"
#include "ionsift/learn/search/search_ranks.hpp"

#include <filesystem>
#include <string_view>
#include <vector>

namespace ionsift::learn {

/// The objective of a search. AUC-PR is the study's; its trapezoids give a network that predicts the
/// same of all structures (1 + share of class 1) / 2, average precision gives it the share.
enum class Objective { auc_pr, average_precision };
/// "auc-pr" or "average-precision".
std::string_view name_of(Objective objective);
/// @throws Error usage, listing the valid names
Objective objective_of(std::string_view name);

struct TuneOptions {
  SearchSpace space;
  Objective objective = Objective::auc_pr;
  SearchOptions search;
  int seeds = 10; ///< members of each configuration in the plan
  parallel::DeviceBinding device;
};

struct TuneResult {
  MemberPlan plan; ///< the winners, one for each cluster that has one, as `ionsift train --members` reads it
  std::vector<ClusterResult> clusters;
  std::vector<TaskRecord> tasks; ///< tasks by id
  std::uint64_t trained = 0;     ///< trainings of this run, without those in the journal
  std::uint64_t epochs = 0;      ///< epochs of all trainings, of this run and earlier
  double training_seconds = 0;   ///< duration of all trainings, summed over ranks
  // These two on every rank:
  parallel::WorkCost cost;  ///< cost of this run, in trainings
  bool interrupted = false; ///< the run was interrupted; then only `trained` and `ended` are set
  std::uint64_t ended = 0;  ///< ended trainings, of this run and earlier
};

/// For each cluster configurations are trained on all other structures and scored on the cluster,
/// after every epoch; the others are as in Search. Collective; complete on rank 0, empty elsewhere.
/// @param journal file, created if missing; a killed search resumes from it
/// @throws Error data for a cluster of one class, or whose others have one class; conflict for a journal of
/// another search; numeric when every cluster's repeats diverged
TuneResult tune(const parallel::Communicator& comm, const dataset::FeatureSet& structures,
                const dataset::Folds& clusters, const TuneOptions& options,
                const std::filesystem::path& journal);

} // namespace ionsift::learn
