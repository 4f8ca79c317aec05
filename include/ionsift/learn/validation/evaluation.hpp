// SPDX-License-Identifier: BSD-3-Clause
// Evaluation of an ensemble on labelled structures outside its training set.
#pragma once

#include "ionsift/learn/ensemble/ensemble.hpp"
#include "ionsift/learn/metrics/calibration.hpp"
#include "ionsift/learn/metrics/strata.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ionsift::learn {

struct EvaluationOptions {
  std::string set = "test"; ///< the name under which the result is reported
  Resampling resampling;    ///< its draws and seed are also those of the shuffled control
  int bins = 10;            ///< bins of the reliability curve
  int strata = 4;           ///< strata of d_training and of SD
};

struct Evaluation {
  std::string set;
  std::size_t structures = 0, positive = 0;
  Resampling resampling; ///< draws of the intervals and the control
  Scores scores;
  ScoreIntervals intervals;
  Controls controls;
  std::vector<std::string> id;
  std::vector<int> label;
  std::vector<double> conductivity, probability, sd; ///< S/cm; P_SI and its spread over members
  std::vector<double>
      d_training; ///< in the view of the ensemble's plan; empty for entries without a structure
  std::vector<std::size_t> judges; ///< number of members that judged each entry; the others abstained
  Calibration calibration;
  SpreadAgainstError spread_against_error;
  std::vector<Stratum> by_distance;
};

/// Collective; complete on every rank.
/// @param training_means [training structures x columns] of the features in the view of the ensemble's plan
/// @throws Error conflict when a structure was trained on (its score would be worthless)
Evaluation evaluate(const parallel::Communicator& comm, const Ensemble& ensemble,
                    const dataset::FeatureSet& structures, const Matrix<double>& training_means,
                    const parallel::DeviceBinding& device, const EvaluationOptions& options);

/// Evaluation of the members that use compositions alone on labelled entries without a structure.
struct EntryEvaluation {
  Evaluation scored; ///< of the entries: no d_training and no strata by it
  /// Members that judged, and those that abstained because they need a structure.
  std::size_t judging = 0, abstaining = 0;
  std::vector<std::string> judging_kinds, abstaining_kinds; ///< names of their configurations
  double share = 0; ///< of the weight in P_SI that those that judge have; it is made 1 for these entries
};

/// Collective; complete on every rank. @param entries as dataset::table_entries makes them, at least one
/// @throws Error as evaluate does; usage where every member needs a structure
EntryEvaluation evaluate_entries(const parallel::Communicator& comm, const Ensemble& ensemble,
                                 const dataset::FeatureSet& entries, const parallel::DeviceBinding& device,
                                 const EvaluationOptions& options);

/// Structures, judged by all members, and entries, judged by some, as one set. Not collective.
Evaluation evaluated_together(const Ensemble& ensemble, const Evaluation& structures,
                              const Evaluation& entries, const EvaluationOptions& options);

} // namespace ionsift::learn
