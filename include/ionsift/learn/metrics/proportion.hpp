// SPDX-License-Identifier: BSD-3-Clause
// Intervals of proportions and medians of few.
#pragma once

#include "ionsift/learn/metrics/resampling.hpp"

#include <cstddef>
#include <vector>

namespace ionsift::learn {

/// Binomial probability of at most k of n successes, each with probability p.
double binomial_cdf(std::size_t k, std::size_t n, double p);

/// Interval of Clopper and Pearson (Biometrika 1934, 26, 404) for a probability after k of n successes; its
/// coverage is at least nominal, however small n is. NaN for n = 0.
Interval proportion_interval(std::size_t k, std::size_t n, double confidence);

/// Interval of the median between order statistics, without any assumption of a distribution. Where n are too
/// few for the confidence (fewer than 6 for 95 %), it is the range of the values. @param values in any order
Interval median_interval(std::vector<double> values, double confidence);

/// The middle value, the mean of the two middle ones; NaN without any.
double median_of(std::vector<double> values);

} // namespace ionsift::learn
