// SPDX-License-Identifier: BSD-3-Clause
// A search whose trainings are made up, for tests.
#pragma once

#include "ionsift/learn/search/search_ranks.hpp"

#include <cmath>

namespace ionsift::test {

inline learn::SearchSpace small_space() {
  return learn::SearchSpace::from_json(nlohmann::json::parse(R"({"search": {
    "width": [4, 8, 16], "layers": [1, 2], "dropout_before": {"low": 0, "high": 0.5}}})"));
}

inline learn::SearchOptions small_search() {
  learn::SearchOptions options;
  options.trials = 9;
  options.best = 2;
  options.repeats = 3;
  options.tpe.random_start = 4;
  options.halving = {4, 20, 2};
  options.rule = {1, 3};
  options.seed = 11;
  return options;
}

/// A curve that rises with the epochs to the value of the point, in this cluster, with some noise by the
/// seed. Cluster 1 diverges for the widest network.
inline learn::TrainingRecord made_up_training(const learn::SearchTask& task, const learn::AfterEpoch& after,
                                              int epochs) {
  const double wanted = 0.1 + 0.1 * task.cluster; // of the dropout
  const double worth = 0.8 - std::abs(task.point[0] - wanted) - 0.05 * task.point[1] + 0.05 * task.point[2];
  learn::TrainingRecord record;
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    if (task.cluster == 1 && task.point[2] == 2 && epoch == 6) {
      record.diverged = true;
      return record;
    }
    record.epochs = epoch;
    const double noise = 0.02 * RandomStream(task.seed, static_cast<std::uint64_t>(epoch)).normal();
    if (!after(epoch, worth * (1 - std::exp(-epoch / 5.0)) + noise)) {
      record.stopped = true;
      return record;
    }
  }
  return record;
}

} // namespace ionsift::test
