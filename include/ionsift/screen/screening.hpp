// SPDX-License-Identifier: BSD-3-Clause
// A database release against an ensemble: probabilities, distances, gaps, novelty, verdicts.
#pragma once

#include "ionsift/base/timer.hpp"
#include "ionsift/dataset/descriptors/given.hpp"
#include "ionsift/dataset/features/training_distance.hpp"
#include "ionsift/dataset/labels/known_compounds.hpp"
#include "ionsift/dataset/pairs/structure_pairs.hpp"
#include "ionsift/learn/ensemble/ensemble.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/screen/measured.hpp"
#include "ionsift/screen/property_table.hpp"
#include "ionsift/screen/reductions.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ionsift::screen {

struct ScreeningOptions {
  std::filesystem::path store;     ///< candidates
  std::filesystem::path reference; ///< store that holds the training structures
  std::filesystem::path ensemble;
  std::filesystem::path predictions; ///< the file of all rows, which is written
  /// A file that whoever writes the tables writes last, so that they are known to be whole; removed before
  /// `predictions` is put in its place. Empty: there is none.
  std::filesystem::path finished;
  /// Such a file of an earlier screening; may be the one that is replaced.
  std::optional<std::filesystem::path> previous;
  std::optional<std::filesystem::path> gap_parent;
  std::optional<std::filesystem::path> gaps;
  PropertyColumns gap_columns;
  std::optional<std::filesystem::path> hull;
  PropertyColumns hull_columns;
  bool study_gap_graph = false; ///< feed the gap parent the study's 5 A graph instead of its own
  bool all_gaps = false;        ///< predict gaps of all rows, not only where the filter needs them
  double novelty_tolerance = 0.05;
  /// Compounds that are known besides those trained on, by id. Candidates with such an id or (nearly) such a
  /// composition are not new.
  std::unordered_map<std::string, dataset::KnownCompound> known;
  /// Descriptors that a user gives, for ensembles that were trained on them.
  std::shared_ptr<const dataset::GivenDescriptors> given;
  FilterOptions filters;          ///< `gaps_known` is set by `screen`
  parallel::DeviceBinding device; ///< device for predictions
  dataset::ComponentScaling scaling = dataset::ComponentScaling::study_code;
  std::uint64_t chunk = 256;     ///< structures predicted at once on a rank
  std::uint64_t keep = 100000;   ///< largest number of kept rows sent to rank 0
  std::uint64_t group = 2000;    ///< best rows that are compared with each other; 0: none
  dataset::PairOptions matching; ///< options of this comparison
};

/// A structure that the ensemble was trained on, in the plane of the first two principal components.
struct TrainingPoint {
  std::string id, formula;
  int label = 0; ///< class
  std::array<double, 2> component = {Candidate::unknown, Candidate::unknown};
};

struct ScreeningResult {
  Reductions reductions; ///< reductions, on every rank
  /// On rank 0, at most `keep` of them, by falling P_SI: first those that lead their group, then the others.
  std::vector<Candidate> kept;
  std::vector<TrainingPoint> training;     ///< on rank 0, in the order of the ensemble
  std::optional<learn::Ensemble> ensemble; ///< on every rank: the ensemble that judged them
  MeasuredCompounds measured;              ///< on every rank: training set and other known compounds
  CommentScale scale;                      ///< on every rank
  /// Shares of the training set's variance that the components have, on rank 0; 0 where there is none.
  std::array<double, 2> explained = {0, 0};
  std::uint64_t grouped = 0;         ///< kept rows that were compared with each other
  std::uint64_t same_as_another = 0; ///< kept rows that are not the first of their group
  /// Told to end (parallel::Interruption) before all was done: nothing but this, `cost` and `finished` is
  /// set, and the same call continues.
  bool interrupted = false;
  parallel::WorkCost cost;    ///< cost of an interrupted run, in structures
  std::uint64_t finished = 0; ///< structures whose rows are saved
};

/// Screens all structures of a store and writes `options.predictions`; collective. Structures are treated in
/// chunks that depend on `options.chunk` alone, so that the result is the same for any number of ranks, and
/// in windows of some chunks a rank, so that memory does not depend on the number of structures: but for 20
/// bytes on every rank for each row of the tables of gaps and hull energies, and 16 for each row of
/// `previous`. Each rank saves its predictions in the folder PREDICTIONS.partial.d until all are done:
/// after a kill or an interruption, the same call resumes from there.
/// @throws Error conflict when stores and ensemble do not belong together
ScreeningResult screen(const parallel::Communicator& comm, const ScreeningOptions& options,
                       PhaseTimes& phases);

/// The smallest member probability that members of this share of the weight do not exceed.
/// @param probability_and_weight [members]  @param share 0 to 1, of the sum of weights
double member_quantile(std::vector<std::pair<double, double>> probability_and_weight, double share);

} // namespace ionsift::screen
