// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/metrics/epoch_curve.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace ionsift::learn {

EpochCurve mean_curve(std::span<const EpochCurve> repeats) {
  if (repeats.empty()) {
    return {};
  }
  auto points = repeats.front().size();
  for (const auto& curve : repeats) {
    points = std::min(points, curve.size());
  }
  EpochCurve mean(points);
  for (std::size_t i = 0; i < points; ++i) {
    mean[i].epoch = repeats.front()[i].epoch;
    for (const auto& curve : repeats) {
      IONSIFT_ASSERT(curve[i].epoch == mean[i].epoch, "curves with different epochs were averaged");
      mean[i].loss += curve[i].loss;
      mean[i].auc_pr += curve[i].auc_pr;
      mean[i].average_precision += curve[i].average_precision;
      mean[i].mcc += curve[i].mcc;
    }
    const auto n = static_cast<double>(repeats.size());
    mean[i].loss /= n;
    mean[i].auc_pr /= n;
    mean[i].average_precision /= n;
    mean[i].mcc /= n;
  }
  return mean;
}

std::optional<BestWindow> best_window(const EpochCurve& curve, const BestEpochRule& rule) {
  IONSIFT_VALIDATE(rule.window >= 1, usage, fmt::format("the window has {} epochs", rule.window),
                   "AUC-PR is averaged over at least one", "Give for example 10.");
  const int spacing = curve.size() < 2 ? 1 : curve[1].epoch - curve[0].epoch;
  const auto width = static_cast<std::size_t>(std::max(1, rule.window / spacing));
  std::optional<std::size_t> best;
  double highest = 0;
  for (std::size_t begin = 0; begin + width <= curve.size(); ++begin) {
    if (curve[begin].epoch <= rule.after) {
      continue;
    }
    double sum = 0;
    for (std::size_t i = begin; i < begin + width; ++i) {
      sum += curve[i].auc_pr;
    }
    if (!std::isnan(sum) && (!best || sum > highest)) {
      best = begin + width / 2;
      highest = sum;
    }
  }
  return best ? std::optional(BestWindow{curve[*best], highest / static_cast<double>(width)}) : std::nullopt;
}

std::optional<EpochScores> best_epoch(const EpochCurve& curve, const BestEpochRule& rule) {
  const auto window = best_window(curve, rule);
  return window ? std::optional(window->centre) : std::nullopt;
}

std::optional<EpochScores> scores_at(const EpochCurve& curve, int epoch) {
  const auto after = std::find_if(curve.begin(), curve.end(), [&](const auto& p) { return p.epoch > epoch; });
  return after == curve.begin() ? std::nullopt : std::optional(*(after - 1));
}

} // namespace ionsift::learn
