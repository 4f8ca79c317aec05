// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/metrics/conformal.hpp"

#include "ionsift/base/error.hpp"

#include <algorithm>
#include <vector>

namespace ionsift::learn {

namespace {

/// The value that at least `coverage` of n + 1 exchangeable ones reach from below; nothing is beyond where n
/// is too small for it.
double upper_quantile(std::vector<double> values, double coverage) {
  std::ranges::sort(values);
  const auto n = static_cast<double>(values.size());
  const auto place = static_cast<std::size_t>(std::ceil((n + 1) * coverage - 1e-9));
  return place > values.size() ? std::numeric_limits<double>::infinity() : values[place - 1];
}

} // namespace

ConformalCuts conformal_cuts(std::span<const int> label, std::span<const double> probability,
                             double coverage) {
  IONSIFT_VALIDATE(coverage > 0 && coverage < 1, usage, fmt::format("{} is not a coverage", coverage),
                   "it is a share between 0 and 1", "Give for example 0.9.");
  std::vector<double> superionic, poor;
  for (std::size_t i = 0; i < label.size(); ++i) {
    if (label[i] == 1) {
      superionic.push_back(-probability[i]);
    } else {
      poor.push_back(probability[i]);
    }
  }
  IONSIFT_VALIDATE(!superionic.empty() && !poor.empty(), data,
                   fmt::format("{} superionic structures and {} others", superionic.size(), poor.size()),
                   "both classes are needed to calibrate each", "Give predictions of more structures.");
  return {-upper_quantile(superionic, coverage), upper_quantile(poor, coverage), coverage};
}

std::string_view verdict_of(const ConformalCuts& cuts, double probability) {
  const bool superionic = cuts.allows(1, probability), poor = cuts.allows(0, probability);
  return superionic == poor ? "open" : superionic ? "likely" : "unlikely";
}

double coverage_of(const ConformalCuts& cuts, std::span<const int> label,
                   std::span<const double> probability) {
  double kept = 0;
  for (std::size_t i = 0; i < label.size(); ++i) {
    kept += cuts.allows(label[i], probability[i]) ? 1 : 0;
  }
  return label.empty() ? std::numeric_limits<double>::quiet_NaN() : kept / static_cast<double>(label.size());
}

} // namespace ionsift::learn
