// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/metrics/scores.hpp"

#include "labelled.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace ionsift::learn {

namespace {

/// Counts at or above one threshold.
struct Threshold {
  double true_positive = 0, false_positive = 0;
};

/// One entry for each distinct probability, highest first, so that tied structures enter together.
std::vector<Threshold> thresholds(std::span<const int> label, std::span<const double> probability) {
  std::vector<std::size_t> order(label.size());
  std::iota(order.begin(), order.end(), std::size_t(0));
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return probability[a] > probability[b]; });
  std::vector<Threshold> all;
  Threshold now;
  for (std::size_t i = 0; i < order.size(); ++i) {
    (label[order[i]] == 1 ? now.true_positive : now.false_positive) += 1;
    if (i + 1 == order.size() || probability[order[i + 1]] != probability[order[i]]) {
      all.push_back(now);
    }
  }
  return all;
}

/// Fills what depends on the ranking alone; both classes occur.
void score_ranking(const std::vector<Threshold>& curve, Scores& scores) {
  const double positives = curve.back().true_positive;
  const double negatives = curve.back().false_positive;
  double recall = 0;
  double precision = 1; // where nothing is called positive yet
  double false_rate = 0;
  for (const auto& point : curve) {
    const double next_recall = point.true_positive / positives;
    const double next_precision = point.true_positive / (point.true_positive + point.false_positive);
    const double next_false_rate = point.false_positive / negatives;
    scores.auc_pr += (next_recall - recall) * (precision + next_precision) / 2;
    scores.average_precision += (next_recall - recall) * next_precision;
    scores.roc_auc += (next_false_rate - false_rate) * (recall + next_recall) / 2;
    recall = next_recall;
    precision = next_precision;
    false_rate = next_false_rate;
  }
}

/// Structures by class and by what they are called.
struct Table {
  double tp = 0, tn = 0, fp = 0, fn = 0;

  /// 0 where a row or column is empty.
  double matthews() const {
    const double margins = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn);
    return margins > 0 ? (tp * tn - fp * fn) / std::sqrt(margins) : 0.0;
  }
};

Table table_at(std::span<const int> label, std::span<const double> probability, double threshold) {
  Table table;
  for (std::size_t i = 0; i < label.size(); ++i) {
    const bool called = probability[i] >= threshold;
    (label[i] == 1 ? (called ? table.tp : table.fn) : (called ? table.fp : table.tn)) += 1;
  }
  return table;
}

double share(double part, double whole) {
  return whole > 0 ? part / whole : std::numeric_limits<double>::quiet_NaN();
}

} // namespace

Scores score(std::span<const int> label, std::span<const double> probability) {
  require_labelled(label, probability);
  Scores scores;
  const auto curve = thresholds(label, probability);
  if (curve.back().true_positive > 0 && curve.back().false_positive > 0) {
    score_ranking(curve, scores);
  } else {
    scores.auc_pr = scores.average_precision = scores.roc_auc = std::numeric_limits<double>::quiet_NaN();
  }
  const auto table = table_at(label, probability, 0.5);
  scores.mcc = table.matthews();
  scores.precision = share(table.tp, table.tp + table.fp);
  scores.recall = share(table.tp, table.tp + table.fn);
  for (std::size_t i = 0; i < label.size(); ++i) {
    scores.brier += (probability[i] - label[i]) * (probability[i] - label[i]);
  }
  scores.brier /= static_cast<double>(label.size());
  return scores;
}

ScoreSpread mean_and_spread(std::span<const Scores> list) {
  ScoreSpread spread;
  for (const auto& name : score_names) {
    double sum = 0, squares = 0, n = 0;
    for (const auto& scores : list) {
      if (const double value = scores.*name.value; !std::isnan(value)) {
        sum += value;
        ++n;
      }
    }
    const double mean = share(sum, n);
    for (const auto& scores : list) {
      if (const double value = scores.*name.value; !std::isnan(value)) {
        squares += (value - mean) * (value - mean);
      }
    }
    spread.mean.*name.value = mean;
    spread.sd.*name.value = std::sqrt(share(squares, n));
  }
  return spread;
}

Cut best_mcc_cut(std::span<const int> label, std::span<const double> probability) {
  require_labelled(label, probability);
  std::vector<double> sorted(probability.begin(), probability.end());
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  Cut best{0.5, mcc_at(label, probability, 0.5)};
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    const double threshold = (sorted[i - 1] + sorted[i]) / 2;
    const double mcc = mcc_at(label, probability, threshold);
    const bool nearer = std::abs(threshold - 0.5) < std::abs(best.threshold - 0.5);
    if (mcc > best.mcc || (mcc == best.mcc && nearer)) {
      best = {threshold, mcc};
    }
  }
  return best;
}

double mcc_at(std::span<const int> label, std::span<const double> probability, double threshold) {
  require_labelled(label, probability);
  return table_at(label, probability, threshold).matthews();
}

} // namespace ionsift::learn
