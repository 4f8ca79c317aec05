// SPDX-License-Identifier: BSD-3-Clause
// Reliability of a classifier: scores by distance from the training set, errors by spread.
#pragma once

#include "ionsift/learn/metrics/resampling.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace ionsift::learn {

/// Structures in one quantile of some value.
struct Stratum {
  std::size_t structures = 0, positive = 0;
  double low = 0, high = 0, mean = 0; ///< smallest, largest and mean value
  double probability = 0;             ///< mean P_SI
  double absolute_error = 0;          ///< mean |P_SI - class|
  Scores scores;
  ScoreIntervals intervals;
};

/// Strata of about equally many structures, equal values together, by ascending value.
/// @param value of each structure, for example d_training
/// @throws Error data as for score, and for a value that is NaN; usage for less than one stratum
std::vector<Stratum> stratify(std::span<const int> label, std::span<const double> probability,
                              std::span<const double> value, int strata, const Resampling& resampling);

/// Whether SD, the spread of the members, predicts the error of their mean.
struct SpreadAgainstError {
  double pearson = 0, spearman = 0; ///< correlation of SD and |P_SI - class|; NaN where one is constant
  Interval pearson_interval, spearman_interval;
  std::vector<Stratum> strata; ///< strata by SD
};
SpreadAgainstError spread_against_error(std::span<const int> label, std::span<const double> probability,
                                        std::span<const double> sd, int strata, const Resampling& resampling);

/// Correlation of two lists of one length; NaN where one is constant or there are fewer than two values.
double pearson(std::span<const double> x, std::span<const double> y);
/// The same of their ranks, equal values sharing their mean rank.
double spearman(std::span<const double> x, std::span<const double> y);

} // namespace ionsift::learn
