// SPDX-License-Identifier: BSD-3-Clause
// Probabilities in words that keep a promise: conformal prediction.
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
  double superionic_from = 0; ///< superionic is not contradicted by probabilities from here on
  double poor_to = 1;         ///< nor is the other class by probabilities up to here
  double coverage = 0.9;

  bool allows(int label, double probability) const {
    return label == 1 ? probability >= superionic_from : probability <= poor_to;
  }
};

/// @param label, probability of structures that were not trained on
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
