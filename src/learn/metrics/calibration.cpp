// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/metrics/calibration.hpp"

#include "ionsift/base/random.hpp"

#include "labelled.hpp"
#include "quantile_groups.hpp"

#include <cmath>
#include <numbers>

namespace ionsift::learn {

namespace {

double squared(double x) {
  return x * x;
}

/// The z with erf(z / sqrt 2) = confidence. Bisection, since the standard library has no inverse of erf.
double two_sided_normal(double confidence) {
  double low = 0, high = 40;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (std::erf(middle / std::numbers::sqrt2) < confidence ? low : high) = middle;
  }
  return (low + high) / 2;
}

/// Bins without their intervals.
std::vector<ReliabilityBin> make_bins(std::span<const int> label, std::span<const double> probability,
                                      int bins) {
  std::vector<ReliabilityBin> result;
  for (const auto& group : quantile_groups(probability, bins)) {
    ReliabilityBin bin;
    bin.structures = group.size();
    bin.low = probability[group.front()];
    bin.high = probability[group.back()];
    for (const auto i : group) {
      bin.probability += probability[i];
      bin.observed += label[i];
    }
    bin.probability /= static_cast<double>(group.size());
    bin.observed /= static_cast<double>(group.size());
    result.push_back(bin);
  }
  return result;
}

double expected_error(const std::vector<ReliabilityBin>& bins, std::size_t structures) {
  double sum = 0;
  for (const auto& bin : bins) {
    sum += static_cast<double>(bin.structures) * std::abs(bin.probability - bin.observed);
  }
  return sum / static_cast<double>(structures);
}

/// Classes are drawn from the probabilities themselves, so that each draw is a calibrated classifier by
/// construction. A bootstrap over structures would not do: the expected error is a sum of absolute values,
/// which noise can only raise, so that its bootstrap interval may lie above the estimate.
Interval calibrated_error(std::span<const double> probability, int bins, const Resampling& resampling) {
  RandomStream random(resampling.seed);
  std::vector<double> errors;
  std::vector<int> drawn(probability.size());
  for (int draw = 0; draw < resampling.draws; ++draw) {
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      drawn[i] = random.uniform() < probability[i] ? 1 : 0;
    }
    errors.push_back(expected_error(make_bins(drawn, probability, bins), drawn.size()));
  }
  return percentile_interval(std::move(errors), resampling.confidence);
}

void decompose(Calibration& calibration, std::span<const int> label, std::span<const double> probability) {
  const auto n = static_cast<double>(label.size());
  double positive = 0;
  for (std::size_t i = 0; i < label.size(); ++i) {
    positive += label[i];
    calibration.brier += squared(probability[i] - label[i]) / n;
  }
  const double base = positive / n;
  for (const auto& bin : calibration.bins) {
    const double weight = static_cast<double>(bin.structures) / n;
    calibration.reliability += weight * squared(bin.probability - bin.observed);
    calibration.resolution += weight * squared(bin.observed - base);
  }
  calibration.uncertainty = base * (1 - base);
  calibration.remainder =
      calibration.brier - (calibration.reliability - calibration.resolution + calibration.uncertainty);
}

} // namespace

Interval wilson_interval(std::size_t part, std::size_t whole, double confidence) {
  IONSIFT_VALIDATE(confidence > 0 && confidence < 1, usage, fmt::format("the confidence is {}", confidence),
                   "it is a share between 0 and 1", "Give for example 0.95.");
  if (whole == 0) {
    return {};
  }
  const auto n = static_cast<double>(whole);
  const double p = static_cast<double>(part) / n;
  const double z = two_sided_normal(confidence);
  const double centre = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

Calibration calibrate(std::span<const int> label, std::span<const double> probability, int bins,
                      const Resampling& resampling) {
  require_labelled(label, probability);
  Calibration result;
  result.bins = make_bins(label, probability, bins);
  for (auto& bin : result.bins) {
    const auto positive = std::lround(bin.observed * static_cast<double>(bin.structures));
    bin.interval = wilson_interval(static_cast<std::size_t>(positive), bin.structures, resampling.confidence);
  }
  result.expected_error = expected_error(result.bins, label.size());
  decompose(result, label, probability);

  result.calibrated_error = calibrated_error(probability, bins, resampling);
  return result;
}

} // namespace ionsift::learn
