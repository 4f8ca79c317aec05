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

/// A score as tables and documents name it.
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

/// Scores of repeats, folds or draws taken together.
struct ScoreSpread {
  Scores mean;
  Scores sd; ///< standard deviation, n in the denominator
};
/// Each score over those of the list in which it is defined; NaN where it is in none.
ScoreSpread mean_and_spread(std::span<const Scores> list);

/// Where to cut probabilities so that MCC is largest.
struct Cut {
  double threshold = 0.5; ///< a structure is called positive when its probability is at least this
  double mcc = 0;         ///< on the structures that the threshold was chosen on
};

/// Thresholds lie midway between neighbouring distinct probabilities; of equally good ones the nearest to 0.5
/// counts, then the lower. The MCC is that of the very structures which chose it, and flatters: apply the
/// threshold to others. @throws Error data as for score
Cut best_mcc_cut(std::span<const int> label, std::span<const double> probability);

/// MCC with another threshold than 0.5. @throws Error data as for score
double mcc_at(std::span<const int> label, std::span<const double> probability, double threshold);

} // namespace ionsift::learn
