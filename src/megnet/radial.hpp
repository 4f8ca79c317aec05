// SPDX-License-Identifier: BSD-3-Clause
// The parts of the network that depend on distance alone, tabulated.
#pragma once

#include "ionsift/megnet/parent.hpp"

#include "kernels.hpp"
#include "workspace.hpp"

#include <cstddef>
#include <vector>

namespace ionsift::megnet {

/// Two functions of distance: `edge`, the 32 edge features that enter block 1 (expansion, dense 64, dense
/// 32), and `layer`, their contribution to the 64 columns of the block's first edge layer.
template <typename Scalar>
class RadialFunction;

/// Evaluation in double by definition.
template <>
class RadialFunction<double> {
public:
  RadialFunction(const Weights<double>& weights, const GraphConverter& converter);

  /// @param layer [points x 64]
  /// @param edge  [points x 32], or null if not needed
  void evaluate(std::size_t points, const double* distance, double* layer, double* edge);

  static constexpr int columns = 96; ///< layer, then edge
  /// Values and derivatives (per angstrom), [points x 96] each, layer before edge.
  struct Jet {
    Matrix<double> value, slope;
  };
  Jet evaluate_with_slope(const std::vector<double>& distance) const;

private:
  GraphConverter converter_;
  Mlp<double> dense_;
  Matrix<double> kernel_; ///< the edge part of the first edge layer of block 1, [32 x 64]
  Workspace<double> expansion_, hidden_, edge_;
};

/// Evaluation in float from a table with cubic interpolation. Its nodes are close where the function bends (a
/// narrow stretch between 1 and 2 A needs them ten times closer than the rest), so that the table stays small
/// enough for the second-level cache.
template <>
class RadialFunction<float> {
public:
  /// Largest deviation of the cubics: absolute where the function is below 1, relative above.
  static constexpr double tolerance = 7e-7;

  RadialFunction(const Weights<double>& weights, const GraphConverter& converter);

  void evaluate(std::size_t points, const double* distance, float* layer, float* edge) const;

  std::size_t bytes() const { return table_.size() * sizeof(float); }

private:
  /// Adds the segment from `start` on with this many cells unless it deviates too much; returns the deviation
  /// over the tolerance.
  double try_segment(const RadialFunction<double>& function, double start, int cells);

  std::vector<TableSegment> segments_;
  std::vector<float> table_;
};

} // namespace ionsift::megnet
