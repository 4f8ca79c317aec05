// SPDX-License-Identifier: BSD-3-Clause
// Training, keeping and asking an ensemble of classifiers. libtorch stays behind this header.
#pragma once

#include "ionsift/base/timer.hpp"
#include "ionsift/dataset/pairs/structure_identity.hpp"
#include "ionsift/learn/atomsets/start_weights.hpp"
#include "ionsift/learn/model/classifier.hpp"
#include "ionsift/parallel/work_cost.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ionsift::learn {

struct TrainOptions {
  MemberPlan plan;
  std::uint64_t seed = 1;
  parallel::DeviceBinding device;
  store::Provenance provenance; ///< of the store, kept with the ensemble
  /// [structures] what was trained on, whatever it is called; kept with the ensemble. Empty: not kept.
  std::vector<dataset::StructureIdentity> identities;
  /// What is said of the labels: threshold in S/cm, unit, file. Kept as it is.
  nlohmann::json labels = nlohmann::json::object();
  dataset::FeatureSet compositions; ///< as in FitOptions; may be empty
  dataset::FeatureSet unlabelled;   ///< as in FitOptions; may be empty
  /// What is said of the unlabelled compositions: store, number. Kept as it is.
  nlohmann::json unlabelled_facts = nlohmann::json::object();
  const StartWeights* start = nullptr; ///< what AtomSets members begin with; none: fresh weights
  /// Folder of copies in maml's layout, member_CC_RR/model_weights.hdf5; empty: none.
  std::filesystem::path maml;
  double checkpoint_every = 60; ///< as in Checkpoint
  /// Members of one configuration that are trained side by side (fit_stack); 1: none. 0: ranks that are bound
  /// to a GPU take as many as leave each of them two stacks, and one that has all GPUs to itself all; the
  /// others train one after the other.
  int stack = 0;
};

/// The first training of a member that diverged in it and was started again with another seed.
struct FirstAttempt {
  std::uint64_t seed = 0;
  int epochs = 0;
};

/// How one member's training went.
struct MemberRecord {
  int configuration = 0;
  int repeat = 0;
  std::uint64_t seed = 0;
  int epochs = 0;
  double loss = 0; ///< of the last epoch, L2 included
  double seconds = 0;
  bool diverged = false;               ///< NaN, also in the second attempt; the member is not used
  std::optional<FirstAttempt> first{}; ///< of a member that was started again; the others speak of the second
};

/// The seed of one member, of 63 bits. @param seed of the run  @param attempt 1 for a member that diverged at
/// first
std::uint64_t member_seed(std::uint64_t seed, int configuration, int repeat, int attempt = 0);

/// What came of train_ensemble.
struct EnsembleTraining {
  std::vector<MemberRecord> members; ///< finished, by this run or before, in the order of the plan
  std::size_t planned = 0;           ///< members of the plan
  parallel::WorkCost cost;           ///< of this run

  /// The run was told to end (parallel::Interruption) before all members were trained.
  bool interrupted() const { return members.size() < planned; }
};

/// Trains all members of a plan, spread over the ranks by estimated cost, and writes them to `folder`:
/// ensemble.json (plan, provenance, training set, member records, checksums) and member_CC_RR.h5.
/// Collective. The same seed gives the same members, whoever trains them.
///
/// Until the manifest is written the folder has a journal of the members that are finished, and states of
/// those that take long. A run that was killed, or told to end, is continued by the same call, on any number
/// of ranks, and gives the very ensemble that it would have given without a break.
/// @throws Error conflict when the folder holds an ensemble, or members of an unfinished other one, and
/// `overwrite` is false
EnsembleTraining train_ensemble(const parallel::Communicator& comm, const dataset::FeatureSet& train,
                                const TrainOptions& options, const std::filesystem::path& folder,
                                bool overwrite, PhaseTimes& phases);

/// A trained ensemble.
class Ensemble {
public:
  /// @throws Error missing (a member), format or conflict (checksum)
  static Ensemble load(const std::filesystem::path& folder);

  const MemberPlan& plan() const;
  /// Of the store it was trained on.
  const store::Provenance& provenance() const;
  /// The same, but of representations and levels only what the plan looks at.
  store::Provenance needs() const;
  std::size_t members() const; ///< those that did not diverge
  /// What each of them counts in P_SI and SD.
  const std::vector<double>& weights() const;
  /// Ids of the structures it was trained on, with their classes.
  const std::vector<std::string>& training_ids() const;
  const std::vector<int>& training_labels() const;
  /// Ids of the entries known by composition that it was trained on as well.
  const std::vector<std::string>& composition_ids() const;
  /// Their formulas, for Composition::parse; empty in ensembles that were trained before they were kept.
  const std::vector<std::string>& composition_formulas() const;
  const nlohmann::json& manifest() const;

  /// Probabilities [members x structures] on this rank's device.
  /// @throws Error conflict when the set lacks a view or has other columns, numeric when a result is not
  /// finite
  Matrix<float> predict(const dataset::FeatureSet& structures, const parallel::DeviceBinding& device) const;

  /// Of each member whether it looks at compositions alone: it can judge entries without a structure.
  const std::vector<bool>& composition_alone() const;
  /// Names of the configurations of members that do, or that do not.
  std::vector<std::string> configurations(bool composition_alone) const;
  /// As predict, of entries without a structure (dataset::table_entries), by the members that look at
  /// compositions alone [these x entries]; the others abstain.
  /// @throws Error usage where there is no such member
  Matrix<float> predict_compositions(const dataset::FeatureSet& entries,
                                     const parallel::DeviceBinding& device) const;
  /// Of these members.
  std::vector<double> composition_weights() const;

private:
  Ensemble() = default;
  Matrix<float> predict_by(const std::vector<std::size_t>& members, const dataset::FeatureSet& structures,
                           const parallel::DeviceBinding& device) const;
  struct State;
  std::shared_ptr<const State> state_;
};

/// P_SI and SD (METHOD: section 4): weighted mean over members, and standard deviation from it (the sum of
/// weights in the denominator, so that members that weigh alike give the published one).
struct Probability {
  double mean = 0, sd = 0;
};
/// @param weights [members]
std::vector<Probability> summarize(const Matrix<float>& member_probabilities,
                                   const std::vector<double>& weights);

} // namespace ionsift::learn
