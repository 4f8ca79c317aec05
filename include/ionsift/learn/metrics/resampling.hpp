// SPDX-License-Identifier: BSD-3-Clause
// Bootstrap intervals of scores, and the controls of the study.
#pragma once

#include "ionsift/learn/metrics/scores.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <vector>

namespace ionsift::learn {

/// Number of bootstrap draws, and confidence of the intervals.
struct Resampling {
  int draws = 1000;
  double confidence = 0.95; ///< share of the draws that an interval holds
  std::uint64_t seed = 1;
};

/// NaN where undefined.
struct Interval {
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};

struct ScoreIntervals {
  Scores low, high;
};

/// The central interval that holds a share `confidence` of the values, linear between order statistics; NaN
/// of none.
/// @throws Error usage unless 0 < confidence < 1
Interval percentile_interval(std::vector<double> values, double confidence);

/// Statistics of the structures at these positions, of which some occur several times.
using Statistics = std::function<std::vector<double>(std::span<const std::size_t> positions)>;

/// Percentile bootstrap over structures, stratified by class so that every draw has both classes. A statistic
/// that is undefined (NaN) in some draws has the interval of the others. @return one interval a statistic
/// @throws Error data for labels other than 0 and 1, usage for less than one draw or no such confidence
std::vector<Interval> bootstrap(std::span<const int> label, const Statistics& statistics,
                                const Resampling& resampling);

/// Intervals of all scores.
ScoreIntervals bootstrap(std::span<const int> label, std::span<const double> probability,
                         const Resampling& resampling);

/// One classifier against another on the same structures.
struct PairedDifference {
  Scores difference;        ///< the first's minus the second's
  ScoreIntervals intervals; ///< both scored on the same draws, which makes them narrower
};
PairedDifference paired_difference(std::span<const int> label, std::span<const double> first,
                                   std::span<const double> second, const Resampling& resampling);

/// The two controls of the study, evaluated on the same structures (METHOD: section 5).
struct Controls {
  Scores shuffled;    ///< mean over draws with the training labels, shuffled, as predictions
  Scores shuffled_sd; ///< standard deviation over draws
  Scores mean;        ///< every structure gets the training set's majority class
};
Controls controls(std::span<const int> train_label, std::span<const int> label, int draws,
                  std::uint64_t seed);

} // namespace ionsift::learn
