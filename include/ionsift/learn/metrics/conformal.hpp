// SPDX-License-Identifier: BSD-3-Clause
// Conformal prediction: classes with a guaranteed coverage.
#pragma once

#include <cmath>
#include <limits>
#include <span>
#include <string_view>

namespace ionsift::learn {

/// What can be said of a candidate at a coverage: of each class at least this share of what is like the
/// calibration set is not contradicted. Conformal prediction by class (Vovk, Gammerman, Shafer, Algorithmic
/// Learning in a Random World, 2005): a class is contradicted where the probability lies beyond what all but
/// the rest of its own calibration structures have.
struct ConformalCuts {
  double superionic_from = 0; ///< smallest probability that does not contradict superionic
  double poor_to = 1;         ///< largest probability that does not contradict the other class
  double coverage = 0.9;

  bool allows(int label, double probability) const {
    return label == 1 ? probability >= superionic_from : probability <= poor_to;
  }
};

/// @param label, probability of structures outside the training set
/// @throws Error data without both classes, usage for a coverage outside (0, 1)
ConformalCuts conformal_cuts(std::span<const int> label, std::span<const double> probability,
                             double coverage = 0.9);

/// "likely" (only superionic is not contradicted), "unlikely" (only the other class), "open" (both or
/// neither).
std::string_view verdict_of(const ConformalCuts& cuts, double probability);

/// Share of structures whose class is not contradicted; NaN without any.
double coverage_of(const ConformalCuts& cuts, std::span<const int> label,
                   std::span<const double> probability);

} // namespace ionsift::learn
