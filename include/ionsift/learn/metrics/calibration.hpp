// SPDX-License-Identifier: BSD-3-Clause
// Calibration of probabilities.
#pragma once

#include "ionsift/learn/metrics/resampling.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace ionsift::learn {

/// A bin of structures with similar probabilities, one point of the reliability curve.
struct ReliabilityBin {
  std::size_t structures = 0;
  double low = 0, high = 0; ///< smallest and largest probability
  double probability = 0;   ///< mean probability
  double observed = 0;      ///< share of positives
  Interval interval;        ///< confidence interval of that share (Wilson, J. Am. Stat. Assoc. 1927, 22, 209)
};

/// Calibration of one set of probabilities.
///
/// Murphy's decomposition (J. Appl. Meteorol. 1973, 12, 595) over the bins, with n_b structures, mean
/// probability p_b, share of positives o_b, and the share o of all:
///   reliability = sum n_b (p_b - o_b)^2 / n, resolution = sum n_b (o_b - o)^2 / n, uncertainty = o (1 - o);
///   Brier score = reliability - resolution + uncertainty + remainder.
/// The remainder comes from probabilities that differ inside a bin, and is 0 where each bin has one
/// (Stephenson et al., Weather Forecast. 2008, 23, 752).
struct Calibration {
  std::vector<ReliabilityBin> bins; ///< bins by ascending probability, with about equal numbers of structures
  /// sum n_b |p_b - o_b| / n (Naeini et al., AAAI 2015). Noise alone makes it larger than 0.
  double expected_error = 0;
  /// Range of expected_error over classes drawn from the probabilities themselves: what a calibrated
  /// classifier with these probabilities and this many structures shows by chance.
  Interval calibrated_error;
  double brier = 0, reliability = 0, resolution = 0, uncertainty = 0, remainder = 0;
};

/// Structures with equal probabilities share a bin. @throws Error data as for score, usage for less than one
/// bin
Calibration calibrate(std::span<const int> label, std::span<const double> probability, int bins,
                      const Resampling& resampling);

/// Wilson's interval of a share of `part` in `whole`. @throws Error usage unless 0 < confidence < 1
Interval wilson_interval(std::size_t part, std::size_t whole, double confidence);

} // namespace ionsift::learn
