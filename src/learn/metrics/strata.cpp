// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/metrics/strata.hpp"

#include "labelled.hpp"
#include "quantile_groups.hpp"

#include <cmath>
#include <limits>
#include <numeric>

namespace ionsift::learn {

namespace {

template <typename T>
std::vector<T> at(std::span<const T> values, std::span<const std::size_t> positions) {
  std::vector<T> chosen(positions.size());
  std::transform(positions.begin(), positions.end(), chosen.begin(), [&](auto i) { return values[i]; });
  return chosen;
}

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::vector<double> ranks_of(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t(0));
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) {
      ++end;
    }
    for (std::size_t i = begin; i < end; ++i) {
      ranks[order[i]] = static_cast<double>(begin + end - 1) / 2;
    }
    begin = end;
  }
  return ranks;
}

std::vector<double> errors_of(std::span<const int> label, std::span<const double> probability) {
  std::vector<double> errors(label.size());
  for (std::size_t i = 0; i < label.size(); ++i) {
    errors[i] = std::abs(probability[i] - label[i]);
  }
  return errors;
}

void require_values(std::span<const int> label, std::span<const double> value) {
  IONSIFT_VALIDATE(label.size() == value.size(), data,
                   fmt::format("{} labels and {} values to group structures by", label.size(), value.size()),
                   "each structure has one of both", "Give lists of the same length.");
}

} // namespace

double pearson(std::span<const double> x, std::span<const double> y) {
  if (x.size() < 2 || x.size() != y.size()) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const double x_mean = mean_of(x), y_mean = mean_of(y);
  double xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - x_mean) * (x[i] - x_mean);
    yy += (y[i] - y_mean) * (y[i] - y_mean);
    xy += (x[i] - x_mean) * (y[i] - y_mean);
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : std::numeric_limits<double>::quiet_NaN();
}

double spearman(std::span<const double> x, std::span<const double> y) {
  return pearson(ranks_of(x), ranks_of(y));
}

std::vector<Stratum> stratify(std::span<const int> label, std::span<const double> probability,
                              std::span<const double> value, int strata, const Resampling& resampling) {
  require_labelled(label, probability);
  require_values(label, value);
  std::vector<Stratum> result;
  for (const auto& group : quantile_groups(value, strata)) {
    const auto group_label = at(label, group);
    const auto group_probability = at(probability, group);
    Stratum stratum;
    stratum.structures = group.size();
    stratum.positive = static_cast<std::size_t>(std::count(group_label.begin(), group_label.end(), 1));
    stratum.low = value[group.front()];
    stratum.high = value[group.back()];
    stratum.mean = mean_of(at(value, group));
    stratum.probability = mean_of(group_probability);
    stratum.absolute_error = mean_of(errors_of(group_label, group_probability));
    stratum.scores = score(group_label, group_probability);
    stratum.intervals = bootstrap(group_label, group_probability, resampling);
    result.push_back(std::move(stratum));
  }
  return result;
}

SpreadAgainstError spread_against_error(std::span<const int> label, std::span<const double> probability,
                                        std::span<const double> sd, int strata,
                                        const Resampling& resampling) {
  SpreadAgainstError result;
  result.strata = stratify(label, probability, sd, strata, resampling);
  const auto error = errors_of(label, probability);
  const std::span<const double> errors(error);
  result.pearson = pearson(sd, errors);
  result.spearman = spearman(sd, errors);
  const auto intervals = bootstrap(
      label,
      [&](std::span<const std::size_t> positions) {
        const auto drawn_sd = at(sd, positions);
        const auto drawn_error = at(errors, positions);
        return std::vector{pearson(drawn_sd, drawn_error), spearman(drawn_sd, drawn_error)};
      },
      resampling);
  result.pearson_interval = intervals[0];
  result.spearman_interval = intervals[1];
  return result;
}

} // namespace ionsift::learn
