// SPDX-License-Identifier: BSD-3-Clause
// Cross-validation: every way of training, on every fold, by every member.
#pragma once

#include "ionsift/dataset/split/folds.hpp"
#include "ionsift/learn/atomsets/start_weights.hpp"
#include "ionsift/learn/metrics/calibration.hpp"
#include "ionsift/learn/metrics/epoch_curve.hpp"
#include "ionsift/learn/metrics/strata.hpp"
#include "ionsift/learn/model/classifier.hpp"
#include "ionsift/parallel/work_cost.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ionsift::learn {

/// One way of training: a plan under a name.
struct Variant {
  std::string name;
  MemberPlan plan;
};

struct CrossValidationOptions {
  std::vector<Variant> variants;
  /// Shares of the training part of each fold; learning curves have several. Subsets are nested, and keep the
  /// proportion of the classes.
  std::vector<double> shares = {1.0};
  int every = 1; ///< epochs from one score on the fold to the next; 0: only the last one counts
  BestEpochRule best_epoch;
  int bins = 10;  ///< bins of the reliability curve
  int strata = 4; ///< strata of d_training and of SD
  Resampling resampling;
  std::uint64_t seed = 1; ///< seed of members and subsets
  parallel::DeviceBinding device;
  /// As in FitOptions, with the position of the fold that each belongs to, or -1. With that fold they are
  /// left out, too, and never validated. All count, whatever the share.
  dataset::FeatureSet compositions;
  std::vector<int> composition_fold;
  dataset::FeatureSet unlabelled;      ///< as in FitOptions, in every fold; may be empty
  const StartWeights* start = nullptr; ///< start weights of AtomSets members; none: fresh weights
};

/// One training, in the order in which results are reported.
struct FoldMember {
  int variant = 0, share = 0, fold = 0, configuration = 0, repeat = 0;

  bool operator==(const FoldMember&) const = default;
};

/// Result of one training.
struct FoldTraining {
  FoldMember member;
  TrainingRecord record;
  double seconds = 0;
  EpochCurve curve;               ///< scores by epoch; empty for members without epochs
  std::vector<float> probability; ///< [structures of the fold] after the last epoch; empty where it diverged
};

/// Result of train_folds.
struct FoldTrainings {
  std::vector<FoldTraining>
      trainings; ///< finished, by this run or before, in order; on rank 0, empty elsewhere
  std::size_t planned = 0, finished = 0; ///< numbers of trainings
  parallel::WorkCost cost;               ///< cost of this run

  /// Whether the run was interrupted (parallel::Interruption) before all were done.
  bool interrupted() const { return finished < planned; }
};

/// Every training of the options, dearest first over the ranks; collective. The same for any number of ranks.
///
/// Finished trainings are kept in the folder `journal` (parallel::work_through), and not repeated by another
/// run with the same input.
/// @throws Error conflict for a journal of another input; data when a training part has one class only
FoldTrainings train_folds(const parallel::Communicator& comm, const dataset::FeatureSet& structures,
                          const dataset::Folds& folds, const CrossValidationOptions& options,
                          const std::filesystem::path& journal);

/// Means over repeats at one epoch of each configuration, and over configurations.
struct AtEpoch {
  double epoch = 0; ///< mean over configurations
  double auc_pr = 0, average_precision = 0, mcc = 0;
};

struct FoldResult {
  std::size_t training = 0, training_positive = 0; ///< structures
  std::size_t validated = 0, positive = 0;
  std::vector<Scores> members;   ///< [configurations x repeats] after the last epoch; NaN where diverged
  ScoreSpread spread;            ///< over members that did not diverge
  std::optional<AtEpoch> best;   ///< at the best epoch of this fold (METHOD: section 4): optimistic
  std::optional<AtEpoch> chosen; ///< at the best epoch of the other folds
  Scores ensemble;               ///< scores of the members' mean; NaN if all diverged
  ScoreIntervals intervals;      ///< intervals of the ensemble's scores
  double threshold = 0.5;        ///< best for the MCC of the other folds' structures
  double mcc_at_threshold = 0;
};

struct VariantResult {
  int variant = 0, share = 0;
  int diverged = 0;               ///< number of diverged members
  std::vector<EpochCurve> curves; ///< [folds] means over all members with epochs
  std::vector<FoldResult> folds;  ///< [folds]
  ScoreSpread members, ensemble;  ///< mean and spread over folds, of members' means and of ensembles
  /// Over the folds that have such epochs: AUC-PR, average precision and MCC, the others NaN.
  ScoreSpread best, chosen;

  /// Structures in a fold whose members did not all diverge: position, and what the ensemble that was not
  /// trained on them predicts.
  std::vector<std::size_t> structure;
  std::vector<int> label, fold;
  std::vector<double> probability, sd, d_training;
  Scores pooled; ///< scores over all of them together
  ScoreIntervals intervals;
  Calibration calibration;
  SpreadAgainstError spread_against_error;
  std::vector<Stratum> by_distance;
  std::optional<PairedDifference> against_first; ///< pooled, this one minus the first of the same share
};

struct CrossValidation {
  std::vector<VariantResult> variants; ///< [shares x variants], the variants of the first share first
  std::vector<Controls> controls;      ///< [folds]
};

/// Scores of trainings that `train_folds` returned. Not collective.
/// @throws Error numeric when all members of all folds of one variant diverged
CrossValidation summarize_folds(const std::vector<FoldTraining>& trainings,
                                const dataset::FeatureSet& structures, const dataset::Folds& folds,
                                const CrossValidationOptions& options);

/// The structures that members of a fold and share train on, ascending.
std::vector<std::size_t> training_part(const dataset::FeatureSet& structures, const dataset::Folds& folds,
                                       const CrossValidationOptions& options, int fold, int share);

} // namespace ionsift::learn
