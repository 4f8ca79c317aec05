#include "radial.hpp"

#include "ionsift/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace ionsift::megnet {

RadialFunction<double>::RadialFunction(const Weights<double>& weights, const GraphConverter& converter)
    : converter_(converter), dense_(weights.first_e),
      kernel_(weights.block[0].phi_e[0].kernel.middleRows(64, 32)) {
  IONSIFT_VALIDATE(static_cast<Eigen::Index>(converter.centres.size()) == dense_[0].kernel.rows(), usage,
                   fmt::format("a graph converter with {} centres", converter.centres.size()),
                   fmt::format("the network was trained with {}", dense_[0].kernel.rows()),
                   "Give as many centres as the network has inputs.");
}

void RadialFunction<double>::evaluate(std::size_t points, const double* distance, double* layer,
                                      double* edge) {
  const auto& run = kernels<double>();
  const auto rows = static_cast<std::ptrdiff_t>(points);
  const auto centres = converter_.centres.size();
  double* expansion = expansion_.reserve(points * centres);
  for (std::size_t p = 0; p < points; ++p) {
    for (std::size_t c = 0; c < centres; ++c) {
      const double x = (distance[p] - converter_.centres[c]) / converter_.width;
      expansion[p * centres + c] = std::exp(-x * x);
    }
  }
  double* hidden = hidden_.reserve(points * 64);
  double* features = edge ? edge : edge_.reserve(points * 32);
  run.dense({.rows = rows,
             .in = static_cast<std::ptrdiff_t>(centres),
             .out = 64,
             .x = expansion,
             .w = dense_[0].kernel.data(),
             .bias = dense_[0].bias.data(),
             .y = hidden,
             .activate = true});
  run.dense({.rows = rows,
             .in = 64,
             .out = 32,
             .x = hidden,
             .w = dense_[1].kernel.data(),
             .bias = dense_[1].bias.data(),
             .y = features,
             .activate = true});
  run.dense({.rows = rows, .in = 32, .out = 64, .x = features, .w = kernel_.data(), .y = layer});
}

void RadialFunction<double>::evaluate(double distance, Column& value, Column& slope) const {
  const auto centres = static_cast<Eigen::Index>(converter_.centres.size());
  RowVector<double> x(centres), dx(centres);
  for (Eigen::Index c = 0; c < centres; ++c) {
    const double scaled = (distance - converter_.centres[c]) / converter_.width;
    x[c] = std::exp(-scaled * scaled);
    dx[c] = -2 * scaled / converter_.width * x[c];
  }
  for (const auto& layer : dense_) {
    const RowVector<double> z = x * layer.kernel + layer.bias;
    dx = (dx * layer.kernel).array() / (1 + (-z.array()).exp());
    x = z.unaryExpr(
        [](double t) { return std::max(t, 0.0) + std::log1p(std::exp(-std::abs(t))) - std::numbers::ln2; });
  }
  Eigen::Map<RowVector<double>>(value.data(), 64) = x * kernel_;
  Eigen::Map<RowVector<double>>(slope.data(), 64) = dx * kernel_;
  Eigen::Map<RowVector<double>>(value.data() + 64, 32) = x;
  Eigen::Map<RowVector<double>>(slope.data() + 64, 32) = dx;
}

RadialFunction<float>::RadialFunction(const Weights<double>& weights, const GraphConverter& converter) {
  const RadialFunction<double> function(weights, converter);
  // A little beyond the cutoff, so that rounding cannot lead out of the table.
  const double reach = converter.cutoff + 1e-3;
  constexpr std::size_t most_nodes = 1 << 16;
  nodes_ = 1 + static_cast<std::size_t>(std::ceil(32 * reach));
  // The error falls with the fourth power of the step.
  while (tabulate(function, reach) > tolerance) {
    nodes_ = 1 + (nodes_ - 1) * 3 / 2;
    IONSIFT_VALIDATE(nodes_ <= most_nodes, numeric,
                     fmt::format("the radial functions need more than {} nodes", most_nodes),
                     fmt::format("the centres' width is {} angstrom", converter.width),
                     "Use a graph converter with wider Gaussians.");
  }
}

double RadialFunction<float>::tabulate(const RadialFunction<double>& function, double reach) {
  using Column = RadialFunction<double>::Column;
  constexpr int columns = RadialFunction<double>::columns;
  const double step = reach / static_cast<double>(nodes_ - 1);
  inverse_step_ = 1 / step;
  float* table = table_.reserve(nodes_ * 2 * columns);
  Column value, slope, next_value, next_slope, middle, unused;
  double deviation = 0;
  function.evaluate(0.0, value, slope);
  for (std::size_t node = 0; node < nodes_; ++node) {
    float* entry = table + node * 2 * columns;
    for (int c = 0; c < columns; ++c) {
      entry[c] = static_cast<float>(value[c]);
      entry[columns + c] = static_cast<float>(slope[c] * step);
    }
    if (node + 1 == nodes_) {
      break;
    }
    const double distance = static_cast<double>(node) * step;
    function.evaluate(distance + step, next_value, next_slope);
    function.evaluate(distance + step / 2, middle, unused);
    for (int c = 0; c < columns; ++c) {
      const double cubic = (value[c] + next_value[c]) / 2 + (slope[c] - next_slope[c]) * step / 8;
      deviation = std::max(deviation, std::abs(cubic - middle[c]));
    }
    value = next_value;
    slope = next_slope;
  }
  return deviation;
}

void RadialFunction<float>::evaluate(std::size_t points, const double* distance, float* layer,
                                     float* edge) const {
  kernels<float>().interpolate({.points = static_cast<std::ptrdiff_t>(points),
                                .distance = distance,
                                .table = table_.data(),
                                .nodes = static_cast<std::ptrdiff_t>(nodes_),
                                .inverse_step = inverse_step_,
                                .first = 64,
                                .second = 32,
                                .y_first = layer,
                                .y_second = edge});
}

} // namespace ionsift::megnet
