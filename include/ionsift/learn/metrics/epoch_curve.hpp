// SPDX-License-Identifier: BSD-3-Clause
// Validation scores by epoch, and the choice of the best epoch.
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace ionsift::learn {

/// Scores on structures that are not trained on, after one epoch.
struct EpochScores {
  int epoch = 0;   ///< counted from 1
  double loss = 0; ///< loss of the training set, L2 included
  double auc_pr = 0, average_precision = 0, mcc = 0;
};
using EpochCurve = std::vector<EpochScores>;

/// The mean over repeats, epoch by epoch. Repeats that ended early (diverged) are left out by the caller; of
/// curves of different lengths only the epochs that all have count.
EpochCurve mean_curve(std::span<const EpochCurve> repeats);

/// Rule of the best epoch (METHOD: section 4).
struct BestEpochRule {
  int after = 30;  ///< initial epochs that are excluded
  int window = 10; ///< epochs over which AUC-PR is averaged
};

/// A window of a curve.
struct BestWindow {
  EpochScores centre; ///< scores at its centre, the sixth of 10 points
  double auc_pr = 0;  ///< mean over the window
};

/// The window with the highest mean AUC-PR, the first of equally good ones; nothing where the curve has no
/// whole window after `after`. @param curve of equally spaced epochs
/// @throws Error usage for a window of less than one epoch
std::optional<BestWindow> best_window(const EpochCurve& curve, const BestEpochRule& rule = {});

/// The scores at the centre of the window with the highest mean AUC-PR, the first of equally good ones; the
/// centre of 10 points is the sixth. Nothing where the curve has no whole window after `after`. A score at
/// the best epoch is optimistic for the structures that selected it. @param curve of equally spaced epochs
/// @throws Error usage for a window of less than one epoch
std::optional<EpochScores> best_epoch(const EpochCurve& curve, const BestEpochRule& rule = {});

/// The scores at an epoch, or at the nearest one before it that was scored; nothing where there is none.
std::optional<EpochScores> scores_at(const EpochCurve& curve, int epoch);

} // namespace ionsift::learn
