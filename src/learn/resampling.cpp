// Intervals and controls: scores of structures drawn again, and of predictions that know nothing.
#include "ionsift/base/random.hpp"
#include "ionsift/learn/scores.hpp"

#include "labelled.hpp"

#include <array>
#include <cmath>

namespace ionsift::learn {

namespace {

constexpr std::array members = {&Scores::auc_pr, &Scores::average_precision, &Scores::mcc, &Scores::roc_auc,
                                &Scores::brier};
constexpr std::array intervals = {&ScoreIntervals::auc_pr, &ScoreIntervals::average_precision,
                                  &ScoreIntervals::mcc, &ScoreIntervals::roc_auc, &ScoreIntervals::brier};

/// Linear between order statistics. @param sorted not empty  @param share in [0, 1]
double quantile(const std::vector<double>& sorted, double share) {
  const double position = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const auto above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

void require_draws(int draws) {
  IONSIFT_VALIDATE(draws >= 1, usage, fmt::format("{} draws were asked for", draws), "at least one is needed",
                   "Ask for some hundreds.");
}

} // namespace

ScoreIntervals bootstrap(std::span<const int> label, std::span<const double> probability, int draws,
                         double confidence, std::uint64_t seed) {
  require_labelled(label, probability);
  require_draws(draws);
  IONSIFT_VALIDATE(confidence > 0 && confidence < 1, usage, fmt::format("the confidence is {}", confidence),
                   "it is a share between 0 and 1", "Give for example 0.95.");
  std::array<std::vector<double>, 2> of_class;
  for (std::size_t i = 0; i < label.size(); ++i) {
    of_class[static_cast<std::size_t>(label[i])].push_back(probability[i]);
  }

  RandomStream random(seed);
  std::array<std::vector<double>, members.size()> values;
  std::vector<int> drawn_label(of_class[0].size(), 0);
  drawn_label.resize(label.size(), 1);
  std::vector<double> drawn(label.size());
  for (int draw = 0; draw < draws; ++draw) {
    std::size_t next = 0;
    for (const auto& candidates : of_class) {
      for (std::size_t i = 0; i < candidates.size(); ++i) {
        drawn[next++] = candidates[random.below(candidates.size())];
      }
    }
    const auto scores = score(drawn_label, drawn);
    for (std::size_t k = 0; k < members.size(); ++k) {
      values[k].push_back(scores.*members[k]);
    }
  }

  ScoreIntervals result;
  for (std::size_t k = 0; k < members.size(); ++k) {
    std::sort(values[k].begin(), values[k].end());
    result.*
        intervals[k] = {quantile(values[k], (1 - confidence) / 2), quantile(values[k], (1 + confidence) / 2)};
  }
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
  std::array<double, members.size()> sum{};
  std::array<double, members.size()> sum_of_squares{};
  for (int draw = 0; draw < draws; ++draw) {
    random.shuffle(shuffled);
    for (std::size_t i = 0; i < prediction.size(); ++i) {
      prediction[i] = shuffled[i % shuffled.size()];
    }
    const auto scores = score(label, prediction);
    for (std::size_t k = 0; k < members.size(); ++k) {
      sum[k] += scores.*members[k];
      sum_of_squares[k] += scores.*members[k] * (scores.*members[k]);
    }
  }
  for (std::size_t k = 0; k < members.size(); ++k) {
    const double mean = sum[k] / draws;
    result.shuffled.*members[k] = mean;
    const double variance = sum_of_squares[k] / draws - mean * mean;
    result.shuffled_sd.*members[k] = variance < 0 ? 0.0 : std::sqrt(variance); // NaN stays NaN
  }

  const auto positive = std::count(train_label.begin(), train_label.end(), 1);
  const bool majority = 2 * static_cast<std::size_t>(positive) >= train_label.size();
  std::fill(prediction.begin(), prediction.end(), majority ? 1.0 : 0.0);
  result.mean = score(label, prediction);
  return result;
}

} // namespace ionsift::learn
