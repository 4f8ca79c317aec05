// SPDX-License-Identifier: BSD-3-Clause
// Repeated times and their statistics.
#pragma once

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace ionsift::bench {

inline double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Median of a list that is not empty; between the middle two if their number is even.
inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

inline double smallest(const std::vector<double>& values) {
  return *std::min_element(values.begin(), values.end());
}

/// Seconds of named steps, for each pass in total and for each item the least of all passes: on a machine
/// that also does other work, only the sum of these can be compared. Steps keep the order in which
/// they first ended.
class Laps {
public:
  struct Step {
    std::string name;
    std::vector<double> passes;         ///< seconds of each pass
    std::vector<double> least, current; ///< seconds of each item: the least so far, and of this pass

    double sum_of_least() const { return std::accumulate(least.begin(), least.end(), 0.0); }
  };

  void end_pass() {
    for (auto& step : steps_) {
      step.passes.push_back(std::accumulate(step.current.begin(), step.current.end(), 0.0));
      step.least.resize(step.current.size(), std::numeric_limits<double>::infinity());
      for (std::size_t i = 0; i < step.current.size(); ++i) {
        step.least[i] = std::min(step.least[i], step.current[i]);
      }
      step.current.assign(step.current.size(), 0.0);
    }
  }
  /// Begins to measure, for one item.
  void start(std::size_t item) {
    item_ = item;
    last_ = now();
  }
  /// The time since the last `start` or `lap` belongs to this step.
  void lap(const char* name) {
    const double seconds = now() - last_;
    auto& current = find(name).current;
    if (current.size() <= item_) {
      current.resize(item_ + 1, 0.0);
    }
    current[item_] += seconds;
    last_ = now();
  }
  const std::vector<Step>& steps() const { return steps_; }

private:
  Step& find(const char* name) {
    const auto found =
        std::find_if(steps_.begin(), steps_.end(), [&](auto& step) { return step.name == name; });
    if (found != steps_.end()) {
      return *found;
    }
    steps_.push_back({name, {}, {}, {}});
    return steps_.back();
  }

  std::vector<Step> steps_;
  std::size_t item_ = 0;
  double last_ = 0;
};

} // namespace ionsift::bench
