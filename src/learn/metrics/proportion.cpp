// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/metrics/proportion.hpp"

#include <algorithm>
#include <cmath>

namespace ionsift::learn {

namespace {

/// The probability at which a falling function crosses a value.
template <typename Function>
double crossing(const Function& falling, double value) {
  double low = 0, high = 1;
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    (falling(middle) > value ? low : high) = middle;
  }
  return (low + high) / 2;
}

} // namespace

double binomial_cdf(std::size_t k, std::size_t n, double p) {
  if (k >= n || p <= 0) {
    return 1;
  }
  if (p >= 1) {
    return 0;
  }
  double sum = 0;
  for (std::size_t i = 0; i <= k; ++i) {
    const auto count = static_cast<double>(n), hits = static_cast<double>(i);
    sum += std::exp(std::lgamma(count + 1) - std::lgamma(hits + 1) - std::lgamma(count - hits + 1) +
                    hits * std::log(p) + (count - hits) * std::log1p(-p));
  }
  return std::min(1.0, sum);
}

Interval proportion_interval(std::size_t k, std::size_t n, double confidence) {
  if (n == 0) {
    return {};
  }
  const double tail = (1 - confidence) / 2;
  Interval interval{0, 1};
  if (k > 0) { // P(at least k) = tail
    interval.low = crossing([&](double p) { return binomial_cdf(k - 1, n, p); }, 1 - tail);
  }
  if (k < n) { // P(at most k) = tail
    interval.high = crossing([&](double p) { return binomial_cdf(k, n, p); }, tail);
  }
  return interval;
}

double median_of(std::vector<double> values) {
  if (values.empty()) {
    return std::nan("");
  }
  std::ranges::sort(values);
  const auto n = values.size();
  return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

Interval median_interval(std::vector<double> values, double confidence) {
  if (values.empty()) {
    return {};
  }
  std::ranges::sort(values);
  const auto n = values.size();
  // Values j .. n - 1 - j (counted from 0) miss the median with twice the probability of at most j heads.
  std::size_t j = 0;
  while (2 * (j + 1) < n && 2 * binomial_cdf(j + 1, n, 0.5) <= 1 - confidence) {
    ++j;
  }
  return {values[j], values[n - 1 - j]};
}

} // namespace ionsift::learn
