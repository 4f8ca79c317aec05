// SPDX-License-Identifier: BSD-3-Clause
// Scores of binary classifiers.
#pragma once

#include <array>
#include <span>

namespace ionsift::learn {

struct Scores {
  double auc_pr = 0;            ///< trapezoids over the precision-recall curve (METHOD: section 5)
  double average_precision = 0; ///< step sum
  double mcc = 0;               ///< Matthews correlation at probability >= 0.5
  double roc_auc = 0;
  double brier = 0;     ///< mean squared difference of probability and class
  double precision = 0; ///< share of positives among structures with probability >= 0.5
  double recall = 0;    ///< share of the positives that have probability >= 0.5
};

/// Names of a score in tables and documents.
struct ScoreName {
  const char* key;   ///< in JSON and CSV
  const char* title; ///< in tables for people
  double Scores::*value;
};
inline constexpr std::array score_names = {
    ScoreName{"auc_pr", "AUC-PR", &Scores::auc_pr},
    ScoreName{"average_precision", "average precision", &Scores::average_precision},
    ScoreName{"mcc", "MCC", &Scores::mcc},
    ScoreName{"roc_auc", "ROC-AUC", &Scores::roc_auc},
    ScoreName{"brier", "Brier score", &Scores::brier},
    ScoreName{"precision", "precision", &Scores::precision},
    ScoreName{"recall", "recall", &Scores::recall},
};

/// Structures with equal probabilities enter a curve together. The curve of precision against recall starts
/// at precision 1, recall 0; so the trapezoids give (1 + p) / 2 for one constant probability, p being the
/// share of positives, where the step sum gives p.
/// @param label 0 or 1  @param probability in [0, 1]
/// Undefined scores are NaN: rankings of one class only, the precision where nothing is called positive, the
/// recall where nothing is. MCC is 0 where a row or column of its table is empty.
/// @throws Error data for anything else
Scores score(std::span<const int> label, std::span<const double> probability);

/// Mean and spread of the scores of repeats, folds or draws.
struct ScoreSpread {
  Scores mean;
  Scores sd; ///< standard deviation, n in the denominator
};
/// Each score over the entries in which it is defined; NaN if there are none.
ScoreSpread mean_and_spread(std::span<const Scores> list);

/// The threshold of probabilities that maximizes MCC.
struct Cut {
  double threshold = 0.5; ///< a structure is called positive when its probability is at least this
  double mcc = 0;         ///< MCC on the structures that selected the threshold
};

/// Thresholds lie midway between neighbouring distinct probabilities; of equally good ones the nearest to 0.5
/// counts, then the lower. The MCC is optimistic for the structures that selected it: apply the
/// threshold to others. @throws Error data as for score
Cut best_mcc_cut(std::span<const int> label, std::span<const double> probability);

/// MCC with another threshold than 0.5. @throws Error data as for score
double mcc_at(std::span<const int> label, std::span<const double> probability, double threshold);

} // namespace ionsift::learn
