// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/metrics/resampling.hpp"

#include "ionsift/base/random.hpp"

#include "labelled.hpp"

#include <array>
#include <cmath>

namespace ionsift::learn {

namespace {

/// Linear between order statistics. @param sorted not empty  @param share in [0, 1]
double quantile(const std::vector<double>& sorted, double share) {
  const double position = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const auto above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

void require_confidence(double confidence) {
  IONSIFT_VALIDATE(confidence > 0 && confidence < 1, usage, fmt::format("the confidence is {}", confidence),
                   "it is a share between 0 and 1", "Give for example 0.95.");
}

void require_draws(int draws) {
  IONSIFT_VALIDATE(draws >= 1, usage, fmt::format("the number of draws is {}", draws),
                   "at least one is needed", "Ask for some hundreds.");
}

} // namespace

Interval percentile_interval(std::vector<double> values, double confidence) {
  require_confidence(confidence);
  if (values.empty()) {
    return {};
  }
  std::sort(values.begin(), values.end());
  return {quantile(values, (1 - confidence) / 2), quantile(values, (1 + confidence) / 2)};
}

std::vector<Interval> bootstrap(std::span<const int> label, const Statistics& statistics,
                                const Resampling& resampling) {
  require_classes(label);
  require_draws(resampling.draws);
  const double confidence = resampling.confidence;
  require_confidence(confidence);
  std::array<std::vector<std::size_t>, 2> of_class;
  for (std::size_t i = 0; i < label.size(); ++i) {
    of_class[static_cast<std::size_t>(label[i])].push_back(i);
  }

  RandomStream random(resampling.seed);
  std::vector<std::vector<double>> values;
  std::vector<std::size_t> drawn(label.size());
  for (int draw = 0; draw < resampling.draws; ++draw) {
    std::size_t next = 0;
    for (const auto& candidates : of_class) {
      for (std::size_t i = 0; i < candidates.size(); ++i) {
        drawn[next++] = candidates[random.below(candidates.size())];
      }
    }
    const auto result = statistics(drawn);
    values.resize(result.size());
    for (std::size_t k = 0; k < result.size(); ++k) {
      if (!std::isnan(result[k])) {
        values[k].push_back(result[k]);
      }
    }
  }

  std::vector<Interval> intervals(values.size());
  for (std::size_t k = 0; k < values.size(); ++k) {
    intervals[k] = percentile_interval(std::move(values[k]), confidence);
  }
  return intervals;
}

namespace {

std::vector<double> values_of(const Scores& scores) {
  std::vector<double> values;
  for (const auto& name : score_names) {
    values.push_back(scores.*name.value);
  }
  return values;
}

ScoreIntervals to_score_intervals(const std::vector<Interval>& intervals) {
  ScoreIntervals result;
  for (std::size_t k = 0; k < score_names.size(); ++k) {
    result.low.*score_names[k].value = intervals[k].low;
    result.high.*score_names[k].value = intervals[k].high;
  }
  return result;
}

Scores score_at(std::span<const int> label, std::span<const double> probability,
                std::span<const std::size_t> positions) {
  std::vector<int> drawn_label(positions.size());
  std::vector<double> drawn(positions.size());
  for (std::size_t i = 0; i < positions.size(); ++i) {
    drawn_label[i] = label[positions[i]];
    drawn[i] = probability[positions[i]];
  }
  return score(drawn_label, drawn);
}

Scores difference_of(const Scores& first, const Scores& second) {
  Scores difference;
  for (const auto& name : score_names) {
    difference.*name.value = first.*name.value - second.*name.value;
  }
  return difference;
}

} // namespace

ScoreIntervals bootstrap(std::span<const int> label, std::span<const double> probability,
                         const Resampling& resampling) {
  require_labelled(label, probability);
  return to_score_intervals(bootstrap(
      label, [&](auto positions) { return values_of(score_at(label, probability, positions)); }, resampling));
}

PairedDifference paired_difference(std::span<const int> label, std::span<const double> first,
                                   std::span<const double> second, const Resampling& resampling) {
  PairedDifference result;
  result.difference = difference_of(score(label, first), score(label, second));
  result.intervals = to_score_intervals(bootstrap(
      label,
      [&](auto positions) {
        return values_of(
            difference_of(score_at(label, first, positions), score_at(label, second, positions)));
      },
      resampling));
  return result;
}

Controls controls(std::span<const int> train_label, std::span<const int> label, int draws,
                  std::uint64_t seed) {
  require_classes(train_label);
  require_classes(label);
  require_draws(draws);
  Controls result;
  RandomStream random(seed);
  std::vector<int> shuffled(train_label.begin(), train_label.end());
  std::vector<double> prediction(label.size());
  std::vector<Scores> drawn;
  for (int draw = 0; draw < draws; ++draw) {
    random.shuffle(shuffled);
    for (std::size_t i = 0; i < prediction.size(); ++i) {
      prediction[i] = shuffled[i % shuffled.size()];
    }
    drawn.push_back(score(label, prediction));
  }
  const auto spread = mean_and_spread(drawn);
  result.shuffled = spread.mean;
  result.shuffled_sd = spread.sd;

  const auto positive = std::count(train_label.begin(), train_label.end(), 1);
  const bool majority = 2 * static_cast<std::size_t>(positive) >= train_label.size();
  std::fill(prediction.begin(), prediction.end(), majority ? 1.0 : 0.0);
  result.mean = score(label, prediction);
  return result;
}

} // namespace ionsift::learn
