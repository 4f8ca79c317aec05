// What the network makes of a distance before anything else of the graph comes in.
#pragma once

#include "ionsift/megnet/parent.hpp"

#include "kernels.hpp"
#include "workspace.hpp"

#include <array>
#include <cstddef>

namespace ionsift::megnet {

/// Two functions of distance: `edge`, the 32 edge features that enter block 1 (expansion, dense 64, dense
/// 32), and `layer`, what they add to the 64 columns of the block's first edge layer.
template <typename Scalar>
class RadialFunction;

/// In double, evaluated as it is defined.
template <>
class RadialFunction<double> {
public:
  RadialFunction(const Weights<double>& weights, const GraphConverter& converter);

  /// @param layer [points x 64]
  /// @param edge  [points x 32], or null where not wanted
  void evaluate(std::size_t points, const double* distance, double* layer, double* edge);

  static constexpr int columns = 96; ///< layer, then edge
  using Column = std::array<double, columns>;
  /// Values and derivatives (per angstrom) at one distance, layer before edge.
  void evaluate(double distance, Column& value, Column& slope) const;

private:
  GraphConverter converter_;
  Mlp<double> dense_;
  Matrix<double> kernel_; ///< the edge part of the first edge layer of block 1, [32 x 64]
  Workspace<double> expansion_, hidden_, edge_;
};

/// In float, from a table with cubic interpolation.
template <>
class RadialFunction<float> {
public:
  /// Largest deviation from the function, up to the rounding of floats, in the middle between two nodes.
  static constexpr double tolerance = 2.5e-7;

  RadialFunction(const Weights<double>& weights, const GraphConverter& converter);

  void evaluate(std::size_t points, const double* distance, float* layer, float* edge) const;

  std::size_t nodes() const { return nodes_; }
  std::size_t bytes() const { return nodes_ * 2 * RadialFunction<double>::columns * sizeof(float); }

private:
  /// Fills the table; returns the largest deviation between its nodes.
  double tabulate(const RadialFunction<double>& function, double reach);

  std::size_t nodes_ = 0;
  double inverse_step_ = 0;
  Workspace<float> table_;
};

} // namespace ionsift::megnet
