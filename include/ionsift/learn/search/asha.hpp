// SPDX-License-Identifier: BSD-3-Clause
// Which trainings are not worth going on with: asynchronous successive halving.
#pragma once

#include <cstddef>
#include <vector>

namespace ionsift::learn {

/// Li et al., "A System for Massively Parallel Hyperparameter Tuning" (ASHA), MLSys 2020.
struct AshaOptions {
  int grace = 40;   ///< epochs that every training gets: the first rung
  int epochs = 500; ///< at most
  int factor = 4;   ///< rungs lie at grace x factor^k, and one training in `factor` passes each
};

/// The stopping kind: a training that reaches a rung goes on at once if it is among the best 1 / factor of
/// those that have reached the rung so far, itself included (always at least one), and ends otherwise.
/// Nothing waits for others to arrive, no half-trained network has to be kept or moved, and one seed gives
/// one training. The price compared with promotion: of the first few to arrive more than 1 / factor go on,
/// and one that was ended too early is not taken up again.
class AshaStopper {
public:
  /// @throws Error usage unless grace >= 1, epochs >= grace and factor >= 2
  explicit AshaStopper(const AshaOptions& options = {});

  /// Epochs of the rungs, ascending, all below the most epochs.
  const std::vector<int>& rungs() const { return rungs_; }
  /// Notes what a training scored at a rung; true when it goes on. Of equal scores the first counts more.
  /// @param value larger is better; NaN never goes on
  bool report(std::size_t rung, double value);

private:
  std::vector<int> rungs_;
  int factor_;
  std::vector<std::vector<double>> reached_; ///< [rungs] values, best first
};

} // namespace ionsift::learn
