// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/screen/recovery.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/learn/metrics/proportion.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ionsift::screen {

namespace {

std::vector<std::size_t> order_of(std::span<const double> score) {
  std::vector<std::size_t> order(score.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    return std::isnan(score[b]) ? !std::isnan(score[a]) : score[a] > score[b];
  });
  return order;
}

bool equal(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

Proportion proportion(double hits, double of, double confidence) {
  Proportion result{hits, of, {}};
  // Shares of ties are rounded to whole hits for the interval alone.
  result.interval = learn::proportion_interval(static_cast<std::size_t>(std::lround(hits)),
                                               static_cast<std::size_t>(std::lround(of)), confidence);
  return result;
}

/// Superionic ones among the first `count` of the measured; a group of equals that the count cuts gives its
/// share.
Proportion precision_at(int count, const std::vector<std::size_t>& order, std::span<const double> score,
                        std::span<const Outcome> outcome, double confidence) {
  double taken = 0, hits = 0;
  for (std::size_t first = 0; first < order.size() && taken < count;) {
    double group = 0, good = 0;
    auto next = first;
    for (; next < order.size() && equal(score[order[next]], score[order[first]]); ++next) {
      group += outcome[order[next]] != Outcome::unmeasured ? 1 : 0;
      good += outcome[order[next]] == Outcome::superionic ? 1 : 0;
    }
    const double part = group > 0 ? std::min(1.0, (count - taken) / group) : 0;
    taken += part * group;
    hits += part * good;
    first = next;
  }
  return proportion(hits, taken, confidence);
}

/// @param above others that come before each superionic one, ascending
double average_precision_of(const std::vector<double>& above) {
  double sum = 0;
  for (std::size_t i = 0; i < above.size(); ++i) {
    const auto hits = static_cast<double>(i + 1);
    sum += hits / (hits + above[i]);
  }
  return sum / static_cast<double>(above.size());
}

/// How many that are not superionic come before each superionic one, ascending; half of those that are its
/// equals.
std::vector<double> misses_above(const std::vector<std::size_t>& order, std::span<const double> score,
                                 std::span<const Outcome> outcome) {
  std::vector<double> above;
  double misses = 0;
  for (std::size_t first = 0; first < order.size();) {
    double group_misses = 0;
    std::size_t hits = 0;
    auto next = first;
    for (; next < order.size() && equal(score[order[next]], score[order[first]]); ++next) {
      if (outcome[order[next]] == Outcome::superionic) {
        ++hits;
      } else {
        group_misses += 1;
      }
    }
    above.insert(above.end(), hits, misses + group_misses / 2);
    misses += group_misses;
    first = next;
  }
  return above;
}

void set_shares(Recovery& recovery, double confidence) {
  for (std::size_t i = 0; i < recovery_shares.size(); ++i) {
    const auto hits = std::ranges::count_if(recovery.rank, [&](double r) { return r <= recovery_shares[i]; });
    recovery.recovered[i] =
        proportion(static_cast<double>(hits), static_cast<double>(recovery.rank.size()), confidence);
  }
  recovery.median_rank = learn::median_of(recovery.rank);
  recovery.median_interval = learn::median_interval(recovery.rank, confidence);
}

} // namespace

std::vector<double> ranks_of(std::span<const double> score) {
  const auto order = order_of(score);
  std::vector<double> rank(score.size());
  for (std::size_t first = 0; first < order.size();) {
    auto next = first;
    while (next < order.size() && equal(score[order[next]], score[order[first]])) {
      ++next;
    }
    for (auto i = first; i < next; ++i) {
      rank[order[i]] = static_cast<double>(first + next + 1) / 2;
    }
    first = next;
  }
  return rank;
}

Recovery recovery_of(std::span<const double> score, std::span<const Outcome> outcome,
                     const learn::Resampling& resampling) {
  IONSIFT_ASSERT(score.size() == outcome.size(),
                 fmt::format("{} scores and {} outcomes", score.size(), outcome.size()));
  Recovery recovery;
  recovery.ranked = score.size();
  const auto rank = ranks_of(score);
  for (std::size_t i = 0; i < score.size(); ++i) {
    recovery.measured += outcome[i] != Outcome::unmeasured ? 1U : 0U;
    if (outcome[i] == Outcome::superionic) {
      ++recovery.superionic;
      recovery.rank.push_back(rank[i] / static_cast<double>(score.size()));
    }
  }
  IONSIFT_VALIDATE(recovery.superionic > 0, data, "no candidate was found superionic later",
                   "there is nothing to recover", "Take another year, or another chemistry.");
  std::ranges::sort(recovery.rank);
  set_shares(recovery, resampling.confidence);
  const auto order = order_of(score);
  for (std::size_t i = 0; i < recovery_counts.size(); ++i) {
    recovery.precision[i] = precision_at(recovery_counts[i], order, score, outcome, resampling.confidence);
  }
  const auto above = misses_above(order, score, outcome);
  recovery.average_precision = average_precision_of(above);
  std::vector<double> drawn;
  RandomStream random(resampling.seed, 0x7ec0);
  for (int draw = 0; draw < resampling.draws; ++draw) {
    std::vector<double> again;
    for (std::size_t i = 0; i < above.size(); ++i) {
      again.push_back(above[random.below(above.size())]);
    }
    std::ranges::sort(again);
    drawn.push_back(average_precision_of(again));
  }
  std::ranges::sort(drawn);
  const double tail = (1 - resampling.confidence) / 2;
  const auto at = [&](double share) {
    return drawn[static_cast<std::size_t>(share * static_cast<double>(drawn.size() - 1))];
  };
  recovery.average_precision_interval = {at(tail), at(1 - tail)};
  return recovery;
}

Recovery pooled(const std::vector<Recovery>& rankings, const learn::Resampling& resampling) {
  Recovery all;
  for (const auto& one : rankings) {
    all.ranked += one.ranked;
    all.measured += one.measured;
    all.superionic += one.superionic;
    all.rank.insert(all.rank.end(), one.rank.begin(), one.rank.end());
  }
  IONSIFT_VALIDATE(all.superionic > 0, data, "no ranking has anything to recover",
                   "nothing was found superionic later", "Take other years or chemistries.");
  std::ranges::sort(all.rank);
  set_shares(all, resampling.confidence);
  all.average_precision = std::nan("");
  for (auto& precision : all.precision) {
    precision = {std::nan(""), 0, {}};
  }
  return all;
}

} // namespace ionsift::screen
