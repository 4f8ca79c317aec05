// SPDX-License-Identifier: BSD-3-Clause
// A collector of one structure's descriptors, and means over atoms.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace ionsift::dataset {

/// Names and values in the order in which they come.
struct DescriptorSink {
  std::vector<std::string> names;
  std::vector<double> values;

  void add(std::string name, double value) {
    names.push_back(std::move(name));
    values.push_back(std::isfinite(value) ? value : 0);
  }
};

/// Weighted mean, spread and range of numbers; all 0 without any.
class Spread {
public:
  void add(double value, double weight) {
    value_.push_back(value);
    weight_.push_back(weight);
    total_ += weight;
  }

  double mean() const {
    return average([](double v) { return v; });
  }
  double deviation() const {
    const double centre = mean();
    return std::sqrt(average([centre](double v) { return (v - centre) * (v - centre); }));
  }
  double least() const { return value_.empty() ? 0 : *std::min_element(value_.begin(), value_.end()); }
  double largest() const { return value_.empty() ? 0 : *std::max_element(value_.begin(), value_.end()); }

  void write(DescriptorSink& sink, const std::string& name) const {
    sink.add(name + ".mean", mean());
    sink.add(name + ".sd", deviation());
    sink.add(name + ".min", least());
    sink.add(name + ".max", largest());
  }

private:
  template <typename Function>
  double average(Function function) const {
    double sum = 0;
    for (std::size_t i = 0; i < value_.size(); ++i) {
      sum += weight_[i] * function(value_[i]);
    }
    return total_ > 0 ? sum / total_ : 0;
  }

  std::vector<double> value_, weight_;
  double total_ = 0;
};

} // namespace ionsift::dataset
