// SPDX-License-Identifier: BSD-3-Clause
// Early stopping of trainings by asynchronous successive halving.
#pragma once

#include <cstddef>
#include <vector>

namespace ionsift::learn {

/// Li et al., "A System for Massively Parallel Hyperparameter Tuning" (ASHA), MLSys 2020.
struct AshaOptions {
  int grace = 40;   ///< epochs that every training gets: the first rung
  int epochs = 500; ///< largest number of epochs
  int factor = 4;   ///< rungs lie at grace x factor^k, and one training in `factor` passes each
};

/// The stopping kind: a training that reaches a rung continues at once if it is among the best 1 / factor of
/// those that have reached the rung so far, itself included (always at least one), and ends otherwise.
/// Nothing waits for others to arrive, no half-trained network has to be stored or moved, and one seed gives
/// one training. The price compared with promotion: of the first few to arrive more than 1 / factor continue,
/// and one that was stopped too early is not resumed.
class AshaStopper {
public:
  /// @throws Error usage unless grace >= 1, epochs >= grace and factor >= 2
  explicit AshaStopper(const AshaOptions& options = {});

  /// Epochs of the rungs, ascending, all below the most epochs.
  const std::vector<int>& rungs() const { return rungs_; }
  /// Records the score of a training at a rung; true if it continues. The first of equal scores ranks higher.
  /// @param value larger is better; NaN never continues
  bool report(std::size_t rung, double value);

private:
  std::vector<int> rungs_;
  int factor_;
  std::vector<std::vector<double>> reached_; ///< [rungs] values, best first
};

} // namespace ionsift::learn
