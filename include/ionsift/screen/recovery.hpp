// SPDX-License-Identifier: BSD-3-Clause
// Where a ranking puts the compounds that were found later: retrospective discovery as a figure of merit.
#pragma once

#include "ionsift/learn/metrics/resampling.hpp"

#include <array>
#include <span>
#include <string>
#include <vector>

namespace ionsift::screen {

/// The later fate of a candidate of a ranking.
enum class Outcome : std::uint8_t {
  unmeasured, ///< not measured
  poor,       ///< measured later, not superionic
  superionic, ///< found superionic later
};

inline constexpr std::array recovery_shares = {0.01, 0.02, 0.05, 0.10};
inline constexpr std::array recovery_counts = {10, 20, 50, 100};

/// A proportion of few, with the interval of Clopper and Pearson.
struct Proportion {
  double hits = 0; ///< fractional for equally ranked candidates
  double of = 0;
  learn::Interval interval;

  double value() const { return hits / of; }
};

struct Recovery {
  std::size_t ranked = 0, measured = 0, superionic = 0; ///< candidates; later measured; later superionic
  /// Superionic ones in the first 1, 2, 5, 10 % of all that are ranked.
  std::array<Proportion, recovery_shares.size()> recovered;
  /// Superionic ones among the first 10, 20, 50, 100 of those that were measured later.
  std::array<Proportion, recovery_counts.size()> precision;
  double median_rank = 0; ///< median rank of the superionic ones, as a share of all ranked
  learn::Interval median_interval;
  /// Unmeasured candidates count as not superionic. What chance gives is superionic / ranked.
  double average_precision = 0;
  learn::Interval average_precision_interval; ///< bootstrap over the superionic ones
  std::vector<double> rank;                   ///< ranks of the superionic ones, as shares, ascending
};

/// Equal scores share the mean of their ranks. @param score [candidates], larger is better; NaN comes last
/// @throws Error data where nothing was found superionic
Recovery recovery_of(std::span<const double> score, std::span<const Outcome> outcome,
                     const learn::Resampling& resampling);

/// Several rankings of different candidates taken together: shares of the first per cents and the median
/// rank, each superionic compound in its own ranking. Precision and average precision stay empty (NaN).
Recovery pooled(const std::vector<Recovery>& rankings, const learn::Resampling& resampling);

/// Ranks from 1, equal scores with their mean rank; NaN is the lowest score.
std::vector<double> ranks_of(std::span<const double> score);

} // namespace ionsift::screen
