// SPDX-License-Identifier: BSD-3-Clause
#include "parent_objective.hpp"

#include "ionsift/base/error.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>
#include <c10/core/ScalarType.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace ionsift::learn {

ParentObjective::ParentObjective(const ParentTraining& options, const GraphExamples& examples,
                                 std::span<const std::size_t> train)
    : sigmoid_(options.sigmoid), squared_(options.squared) {
  if (sigmoid_) {
    IONSIFT_VALIDATE(std::all_of(train.begin(), train.end(),
                                 [&](auto p) { return examples.target[p] >= 0 && examples.target[p] <= 1; }),
                     data, "a class is neither 0 nor 1", "a classifier learns probabilities",
                     "Give a column of 0 and 1, or train on numbers.");
  } else {
    scale_targets(examples, train);
  }
  if (!examples.taught.empty()) {
    prediction_weight_ = options.prediction_weight;
    scale_columns(examples, train);
  }
}

void ParentObjective::scale_targets(const GraphExamples& examples, std::span<const std::size_t> train) {
  double sum = 0, squares = 0;
  for (const auto p : train) {
    sum += examples.target[p];
  }
  mean_ = sum / static_cast<double>(train.size());
  for (const auto p : train) {
    squares += (examples.target[p] - mean_) * (examples.target[p] - mean_);
  }
  const double deviation = std::sqrt(squares / static_cast<double>(train.size()));
  scale_ = deviation > 1e-12 ? deviation : 1;
}

void ParentObjective::scale_columns(const GraphExamples& examples, std::span<const std::size_t> train) {
  constexpr auto columns = GraphExamples::taught_columns;
  std::array<double, columns> mean = {}, square = {};
  double weight = 0;
  const auto for_rows = [&](const auto& action) {
    for (const auto p : train) {
      for (auto row = static_cast<std::size_t>(examples.first_row[p]);
           row < static_cast<std::size_t>(examples.first_row[p + 1]); ++row) {
        action(static_cast<double>(examples.multiplicity[row]), examples.taught.data() + row * columns);
      }
    }
  };
  for_rows([&](double sites, const float* values) {
    weight += sites;
    for (std::size_t c = 0; c < columns; ++c) {
      mean[c] += sites * static_cast<double>(values[c]);
    }
  });
  for (auto& value : mean) {
    value /= weight;
  }
  for_rows([&](double sites, const float* values) {
    for (std::size_t c = 0; c < columns; ++c) {
      square[c] += sites * std::pow(static_cast<double>(values[c]) - mean[c], 2);
    }
  });
  inverse_deviation_ = at::empty({1, static_cast<std::int64_t>(columns)}, at::kDouble);
  for (std::size_t c = 0; c < columns; ++c) {
    const double deviation = std::sqrt(square[c] / weight);
    // A constant column carries no information.
    inverse_deviation_.data_ptr<double>()[c] = deviation > 1e-9 ? 1 / deviation : 0;
  }
}

at::Tensor ParentObjective::level_losses(const MegnetModule& module, const MegnetModule::Output& output,
                                         const GraphBatch& batch) const {
  const auto options = module.flat().options();
  const auto inverse = inverse_deviation_.to(options);
  const auto row_weight = batch.site_weight * batch.inverse_sites.index_select(0, batch.row_structure);
  std::vector<at::Tensor> losses;
  for (std::size_t k = 0; k < static_cast<std::size_t>(MegnetModule::levels); ++k) {
    if (k >= output.level.size()) { // a network of fewer blocks learns fewer levels
      losses.push_back(at::zeros({batch.structures}, options));
      continue;
    }
    const auto first = static_cast<std::int64_t>(32 * k);
    const auto difference =
        (module.as_taught(output, k) - batch.taught.narrow(1, first, 32)) * inverse.narrow(1, first, 32);
    const auto rows = difference.square().mean(1) * row_weight;
    losses.push_back(at::zeros({batch.structures}, options).index_add(0, batch.row_structure, rows));
  }
  return at::stack(losses, 1);
}

ParentLoss ParentObjective::operator()(const MegnetModule& module, const GraphBatch& batch) const {
  const auto output = module.forward(batch);
  ParentLoss loss;
  if (sigmoid_) {
    loss.prediction = output.prediction.sigmoid();
    loss.total = at::binary_cross_entropy_with_logits(output.prediction, batch.target, {}, {}, /*none*/ 0);
  } else {
    loss.prediction = output.prediction * scale_ + mean_;
    const auto difference = output.prediction - (batch.target - mean_) / scale_;
    loss.total = squared_ ? difference.square() : difference.abs();
  }
  if (batch.taught.defined()) {
    loss.level = level_losses(module, output, batch);
    loss.total = loss.total * prediction_weight_ + loss.level.sum(1);
  }
  return loss;
}

} // namespace ionsift::learn
