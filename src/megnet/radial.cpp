// SPDX-License-Identifier: BSD-3-Clause
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

auto RadialFunction<double>::evaluate_with_slope(const std::vector<double>& distance) const -> Jet {
  const auto points = static_cast<Eigen::Index>(distance.size());
  const auto centres = static_cast<Eigen::Index>(converter_.centres.size());
  Matrix<double> x(points, centres), dx(points, centres);
  for (Eigen::Index p = 0; p < points; ++p) {
    for (Eigen::Index c = 0; c < centres; ++c) {
      const double scaled = (distance[p] - converter_.centres[c]) / converter_.width;
      x(p, c) = std::exp(-scaled * scaled);
      dx(p, c) = -2 * scaled / converter_.width * x(p, c);
    }
  }
  const auto multiply = [&](const Matrix<double>& a, const Matrix<double>& w, const double* bias) {
    Matrix<double> product(points, w.cols());
    kernels<double>().dense({.rows = points,
                             .in = w.rows(),
                             .out = w.cols(),
                             .x = a.data(),
                             .w = w.data(),
                             .bias = bias,
                             .y = product.data()});
    return product;
  };
  for (const auto& layer : dense_) {
    const Matrix<double> z = multiply(x, layer.kernel, layer.bias.data());
    dx = multiply(dx, layer.kernel, nullptr).array() / (1 + (-z.array()).exp());
    x = z.array().max(0.0) + (-z.array().abs()).exp().log1p() - std::numbers::ln2;
  }
  Jet jet{Matrix<double>(points, columns), Matrix<double>(points, columns)};
  jet.value << multiply(x, kernel_, nullptr), x;
  jet.slope << multiply(dx, kernel_, nullptr), dx;
  return jet;
}

namespace {

constexpr double segment_length = 0.125;
constexpr int most_cells = 4096;

} // namespace

RadialFunction<float>::RadialFunction(const Weights<double>& weights, const GraphConverter& converter) {
  const RadialFunction<double> function(weights, converter);
  // Beyond the cutoff, so that rounding cannot lead outside the table.
  const auto count = static_cast<int>(std::floor(converter.cutoff / segment_length)) + 1;
  const auto enough = [](int cells, double excess) { // the error falls with the fourth power of the step
    return cells * 1.05 * std::pow(excess, 0.25);
  };
  int cells = 16;
  for (int index = 0; index < count; ++index) {
    double excess = try_segment(function, index * segment_length, cells);
    while (excess > 1) {
      cells = static_cast<int>(std::ceil(std::clamp(enough(cells, excess), 1.1 * cells, 16.0 * cells)));
      IONSIFT_VALIDATE(cells <= most_cells, numeric,
                       fmt::format("the radial functions need more than {} nodes an angstrom",
                                   most_cells / segment_length),
                       fmt::format("the centres' width is {} angstrom", converter.width),
                       "Use a graph converter with wider Gaussians.");
      excess = try_segment(function, index * segment_length, cells);
    }
    cells = std::max(4, static_cast<int>(std::ceil(
                            enough(cells, excess)))); // the number that this segment would have needed
  }
}

double RadialFunction<float>::try_segment(const RadialFunction<double>& function, double start, int cells) {
  constexpr int columns = RadialFunction<double>::columns;
  const double step = segment_length / cells;
  std::vector<double> places; // the nodes, then the middles between them
  for (int node = 0; node <= cells; ++node) {
    places.push_back(start + node * step);
  }
  for (int cell = 0; cell < cells; ++cell) {
    places.push_back(start + (cell + 0.5) * step);
  }
  const auto jet = function.evaluate_with_slope(places);
  const auto left = jet.value.topRows(cells).array(), right = jet.value.middleRows(1, cells).array();
  const auto left_slope = jet.slope.topRows(cells).array(),
             right_slope = jet.slope.middleRows(1, cells).array();
  const auto middle = jet.value.bottomRows(cells).array();
  const auto cubic = (left + right) / 2 + (left_slope - right_slope) * (step / 8);
  const double excess = ((cubic - middle).abs() / middle.abs().max(1.0)).maxCoeff() / tolerance;
  if (excess <= 1) {
    segments_.push_back({.inverse_step = 1 / step,
                         .first_node = static_cast<std::int32_t>(table_.size() / (2 * columns)),
                         .cells = cells});
    for (int node = 0; node <= cells; ++node) {
      for (int c = 0; c < columns; ++c) {
        table_.push_back(static_cast<float>(jet.value(node, c)));
      }
      for (int c = 0; c < columns; ++c) {
        table_.push_back(static_cast<float>(jet.slope(node, c) * step));
      }
    }
  }
  return excess;
}

void RadialFunction<float>::evaluate(std::size_t points, const double* distance, float* layer,
                                     float* edge) const {
  kernels<float>().interpolate({.points = static_cast<std::ptrdiff_t>(points),
                                .distance = distance,
                                .segments = segments_.data(),
                                .segment_count = static_cast<std::int32_t>(segments_.size()),
                                .segment_length = segment_length,
                                .table = table_.data(),
                                .first = 64,
                                .second = 32,
                                .y_first = layer,
                                .y_second = edge});
}

} // namespace ionsift::megnet
