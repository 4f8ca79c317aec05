// SPDX-License-Identifier: BSD-3-Clause
// Training, storage and prediction of an ensemble of classifiers. libtorch stays behind this header.
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
  store::Provenance provenance; ///< provenance of the store, stored with the ensemble
  /// [structures] identities of the training structures, stored with the ensemble. Empty: not stored.
  std::vector<dataset::StructureIdentity> identities;
  /// Description of the labels: threshold in S/cm, unit, file. Stored unchanged.
  nlohmann::json labels = nlohmann::json::object();
  dataset::FeatureSet compositions; ///< as in FitOptions; may be empty
  dataset::FeatureSet unlabelled;   ///< as in FitOptions; may be empty
  /// Description of the unlabelled compositions: store, number. Stored unchanged.
  nlohmann::json unlabelled_facts = nlohmann::json::object();
  const StartWeights* start = nullptr; ///< start weights of AtomSets members; none: fresh weights
  /// Folder of copies in maml's layout, member_CC_RR/model_weights.hdf5; empty: none.
  std::filesystem::path maml;
  double checkpoint_every = 60; ///< as in Checkpoint
  /// Members of one configuration that are trained side by side (fit_stack); 1: none. 0: ranks that are bound
  /// to a GPU take as many as leave each of them two stacks, and one that has all GPUs to itself all; the
  /// others train one after the other.
  int stack = 0;
};

/// The first, diverged training of a member that was started again with another seed.
struct FirstAttempt {
  std::uint64_t seed = 0;
  int epochs = 0;
};

/// Record of one member's training.
struct MemberRecord {
  int configuration = 0;
  int repeat = 0;
  std::uint64_t seed = 0;
  int epochs = 0;
  double loss = 0; ///< loss of the last epoch, L2 included
  double seconds = 0;
  bool diverged = false;               ///< NaN in both attempts; the member is not used
  std::optional<FirstAttempt> first{}; ///< of a member that was started again; the others speak of the second
};

/// The seed of one member, of 63 bits. @param seed seed of the run  @param attempt 1 for a member that
/// diverged at first
std::uint64_t member_seed(std::uint64_t seed, int configuration, int repeat, int attempt = 0);

/// Result of train_ensemble.
struct EnsembleTraining {
  std::vector<MemberRecord> members; ///< members finished by this run or earlier, in the order of the plan
  std::size_t planned = 0;           ///< number of members in the plan
  parallel::WorkCost cost;           ///< cost of this run

  /// Whether the run was interrupted (parallel::Interruption) before all members were trained.
  bool interrupted() const { return members.size() < planned; }
};

/// Trains all members of a plan, spread over the ranks by estimated cost, and writes them to `folder`:
/// ensemble.json (plan, provenance, training set, member records, checksums) and member_CC_RR.h5.
/// Collective. The same seed gives the same members, whichever ranks train them.
///
/// Until the manifest is written, the folder holds a journal of the finished members, and states of
/// those that take long. A killed or interrupted run is resumed by the same call, on any number
/// of ranks, and gives exactly the ensemble of an uninterrupted run.
/// @throws Error conflict when the folder holds an ensemble, or members of an unfinished other one, and
/// `overwrite` is false
EnsembleTraining train_ensemble(const parallel::Communicator& comm, const dataset::FeatureSet& train,
                                const TrainOptions& options, const std::filesystem::path& folder,
                                bool overwrite, PhaseTimes& phases);

/// Identifies everything that the members of a training depend on, except the processor.
std::string training_fingerprint(const dataset::FeatureSet& train, const TrainOptions& options);

/// A trained ensemble.
class Ensemble {
public:
  /// @throws Error missing (a member), format or conflict (checksum)
  static Ensemble load(const std::filesystem::path& folder);

  const MemberPlan& plan() const;
  /// Provenance of the store it was trained on.
  const store::Provenance& provenance() const;
  /// The same with only the representations and levels that the plan uses.
  store::Provenance needs() const;
  std::size_t members() const; ///< number of members that did not diverge
  /// Weight of each member in P_SI and SD.
  const std::vector<double>& weights() const;
  /// Ids of the structures it was trained on, with their classes.
  const std::vector<std::string>& training_ids() const;
  const std::vector<int>& training_labels() const;
  /// Ids of the training entries that are known only by composition.
  const std::vector<std::string>& composition_ids() const;
  /// Their formulas, for Composition::parse; empty in older ensembles, which did not store them.
  const std::vector<std::string>& composition_formulas() const;
  const nlohmann::json& manifest() const;

  /// Probabilities [members x structures] on this rank's device.
  /// @throws Error conflict when the set lacks a view or has other columns, numeric when a result is not
  /// finite
  Matrix<float> predict(const dataset::FeatureSet& structures, const parallel::DeviceBinding& device) const;

  /// [members] whether a member uses compositions alone and can therefore judge entries without a structure.
  const std::vector<bool>& composition_alone() const;
  /// Names of the configurations of members that do, or do not, use compositions alone.
  std::vector<std::string> configurations(bool composition_alone) const;
  /// As predict, of entries without a structure (dataset::table_entries), by the members that use
  /// compositions alone [these x entries]; the others abstain.
  /// @throws Error usage if no member looks at compositions alone
  Matrix<float> predict_compositions(const dataset::FeatureSet& entries,
                                     const parallel::DeviceBinding& device) const;
  /// Members whose configurations to name.
  std::vector<double> composition_weights() const;

private:
  Ensemble() = default;
  Matrix<float> predict_by(const std::vector<std::size_t>& members, const dataset::FeatureSet& structures,
                           const parallel::DeviceBinding& device) const;
  struct State;
  std::shared_ptr<const State> state_;
};

/// P_SI and SD (METHOD: section 4): weighted mean over members, and standard deviation from it (the sum of
/// weights in the denominator, so that equal weights give the published one).
struct Probability {
  double mean = 0, sd = 0;
};
/// @param weights [members]
std::vector<Probability> summarize(const Matrix<float>& member_probabilities,
                                   const std::vector<double>& weights);

} // namespace ionsift::learn
