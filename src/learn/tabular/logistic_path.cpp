// SPDX-License-Identifier: BSD-3-Clause
// Selection of the strength of the regularisation within the training rows.
#include "ionsift/base/error.hpp"
#include "ionsift/dataset/split/make_split.hpp"
#include "ionsift/learn/tabular/logistic.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace ionsift::learn {

namespace {

using Rows = std::vector<Eigen::Index>;

std::vector<double> values_of_c(const LogisticPath& path) {
  IONSIFT_VALIDATE(
      path.values >= 1 && path.lowest > 0 && path.highest >= path.lowest, usage,
      fmt::format("there is no path of {} values of C from {} to {}", path.values, path.lowest, path.highest),
      "the values are positive and ascend", "Give for example 50 values from 1e-3 to 1e3.");
  std::vector<double> values;
  for (int i = 0; i < path.values; ++i) {
    const double share = path.values == 1 ? 0.0 : static_cast<double>(i) / (path.values - 1);
    values.push_back(path.lowest * std::pow(path.highest / path.lowest, share));
  }
  return values;
}

std::vector<int> inner_folds(std::span<const int> label, const LogisticPath& path) {
  std::vector<dataset::SplitMember> members;
  std::array<int, 2> of_class{};
  for (std::size_t i = 0; i < label.size(); ++i) {
    ++of_class[label[i] == 1 ? 1 : 0];
    members.push_back({fmt::format("{:09}", i), label[i], "", -1, ""}); // ids in the order of the rows
  }
  IONSIFT_VALIDATE(
      std::min(of_class[0], of_class[1]) >= path.folds, usage,
      fmt::format("C cannot be chosen by {} folds", path.folds),
      fmt::format("the training rows have {} of class 1 and {} of class 0", of_class[1], of_class[0]),
      "Ask for fewer inner folds, or a path of one value.");
  return dataset::draw_split(members, {0, path.folds, 1, "train", path.seed}).folds.front();
}

Matrix<double> chosen_rows(const Matrix<double>& x, const Rows& rows) {
  return x(rows, Eigen::all);
}

std::vector<int> chosen_labels(std::span<const int> label, const Rows& rows) {
  std::vector<int> chosen;
  for (const auto row : rows) {
    chosen.push_back(label[static_cast<std::size_t>(row)]);
  }
  return chosen;
}

double log_loss(std::span<const int> label, std::span<const double> probability) {
  constexpr double least = 1e-15; // a probability that rounded to 0 or 1
  double sum = 0;
  for (std::size_t i = 0; i < label.size(); ++i) {
    sum -= std::log(std::max(least, label[i] == 1 ? probability[i] : 1 - probability[i]));
  }
  return sum;
}

/// Mean log loss over the rows of the inner folds for each C.
std::vector<double> validate(const Matrix<double>& x, std::span<const int> label,
                             const std::vector<double>& values, const LogisticPath& path) {
  const auto fold_of = inner_folds(label, path);
  std::vector<double> mean(values.size(), 0.0);
  for (int fold = 0; fold < path.folds; ++fold) {
    Rows train, held;
    for (std::size_t i = 0; i < fold_of.size(); ++i) {
      (fold_of[i] == fold ? held : train).push_back(static_cast<Eigen::Index>(i));
    }
    const auto train_x = chosen_rows(x, train), held_x = chosen_rows(x, held);
    const auto train_label = chosen_labels(label, train), held_label = chosen_labels(label, held);
    const auto scale = UnitScale::of(train_x);
    const auto scaled = scale(train_x), scaled_held = scale(held_x);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto p = probabilities(fit_logistic(scaled, train_label, values[i]), scaled_held);
      mean[i] += log_loss(held_label, p) / static_cast<double>(label.size());
    }
  }
  return mean;
}

} // namespace

ScaledLogistic fit_path(const Matrix<double>& x, std::span<const int> label, const LogisticPath& path) {
  const auto values = values_of_c(path);
  ScaledLogistic result;
  result.c = values.front();
  if (values.size() > 1) {
    const auto mean = validate(x, label, values, path);
    constexpr double equal = 1e-12;
    std::size_t best = 0;
    for (std::size_t i = 1; i < values.size(); ++i) {
      best = mean[i] < mean[best] - equal ? i : best;
    }
    result.c = values[best];
    result.log_loss = mean[best];
  }
  result.scale = UnitScale::of(x);
  result.model = fit_logistic(result.scale(x), label, result.c);
  return result;
}

std::vector<double> probabilities(const ScaledLogistic& model, const Matrix<double>& x) {
  return probabilities(model.model, model.scale(x));
}

} // namespace ionsift::learn
