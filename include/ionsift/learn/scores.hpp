// Scores of binary classifiers, their intervals and their controls.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ionsift::learn {

struct Scores {
  double auc_pr = 0;            ///< trapezoids over the precision-recall curve (METHOD: section 5)
  double average_precision = 0; ///< step sum
  double mcc = 0;               ///< at probability >= 0.5
  double roc_auc = 0;
  double brier = 0;
};

/// Structures with equal probabilities enter a curve together. The curve of precision against recall starts
/// at precision 1, recall 0; so the trapezoids give (1 + p) / 2 for one constant probability, p being the
/// share of positives, where the step sum gives p.
/// @param label 0 or 1  @param probability in [0, 1]
/// Undefined scores (rankings of one class only) are NaN, MCC is 0 where a row or column of its table is
/// empty.
/// @throws Error data for anything else
Scores score(std::span<const int> label, std::span<const double> probability);

struct Interval {
  double low = 0, high = 0;
};

/// Percentile bootstrap over structures, stratified by class so that every draw has both classes.
struct ScoreIntervals {
  Interval auc_pr, average_precision, mcc, roc_auc, brier;
};
ScoreIntervals bootstrap(std::span<const int> label, std::span<const double> probability, int draws,
                         double confidence, std::uint64_t seed);

/// The two controls of the study, evaluated on the same structures (METHOD: section 5).
struct Controls {
  Scores shuffled;    ///< mean over draws with the training labels, shuffled, as predictions
  Scores shuffled_sd; ///< standard deviation over draws
  Scores mean;        ///< everyone gets the training set's majority: its mean rounded
};
Controls controls(std::span<const int> train_label, std::span<const int> label, int draws,
                  std::uint64_t seed);

} // namespace ionsift::learn
