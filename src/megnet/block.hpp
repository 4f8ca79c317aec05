// SPDX-License-Identifier: BSD-3-Clause
// One MEGNet block over a symmetry-reduced graph.
#pragma once

#include "ionsift/graph/graph.hpp"
#include "ionsift/megnet/parent.hpp"

#include "kernels.hpp"
#include "radial.hpp"
#include "workspace.hpp"

#include <array>
#include <cstddef>

namespace ionsift::megnet {

inline constexpr std::size_t hidden_width = 64;
inline constexpr std::size_t feature_width = 32;

template <typename Scalar>
using Features = std::array<Scalar, feature_width>;

/// y = f(x W + b)
template <typename Scalar>
void apply(const Dense<Scalar>& layer, std::size_t rows, const Scalar* x, Scalar* y, bool activate) {
  kernels<Scalar>().dense({.rows = static_cast<std::ptrdiff_t>(rows),
                           .in = layer.kernel.rows(),
                           .out = layer.kernel.cols(),
                           .x = x,
                           .w = layer.kernel.data(),
                           .bias = layer.bias.data(),
                           .y = y,
                           .activate = activate});
}

/// The three kinds of features between blocks.
template <typename Scalar>
struct State {
  Workspace<Scalar> v; ///< [rows x 32]
  Workspace<Scalar> e; ///< [edges x 32]
  Features<Scalar> u;
};

/// Evaluates the blocks of a network one after the other.
///
/// A block's first edge layer is a sum of parts of the sender, the receiver, the edge and the global state;
/// all but the edge's are computed once a row. Its last layer is linear, so that the mean over a row's edges
/// is taken before it. Edges pass through in tiles that stay in the second-level cache.
template <typename Scalar>
class Blocks {
public:
  Blocks(const Weights<double>& weights, const GraphConverter& converter);

  /// Replaces `state` by the block's output plus its input.
  /// @param k          0, 1 or 2
  /// @param keep_edges whether state.e is needed afterwards; state.u is set only then
  /// @param v          [rows x 32] v' before that addition
  void run(int k, const graph::Graph& graph, bool keep_edges, State<Scalar>& state, Scalar* v);

  const RadialFunction<Scalar>& radial() const { return radial_; }

private:
  struct Inputs {
    const Scalar* v; ///< [rows x 32] after the block's own dense layers
    Features<Scalar> u;
  };
  Inputs prepare(int k, std::size_t rows, const State<Scalar>& state);
  void split_first_layer(int k, std::size_t rows, const Inputs& inputs);
  void run_edges(int k, const graph::Graph& graph, bool keep_edges, State<Scalar>& state);
  void first_edge_layer(int k, const graph::Graph& graph, std::size_t first, std::size_t count,
                        bool keep_edges, Scalar* edges);
  void average_edges(int k, const graph::Graph& graph);
  void run_vertices(int k, std::size_t rows, const Inputs& inputs, Scalar* v);
  void run_global(int k, const graph::Graph& graph, const Inputs& inputs, const Scalar* v,
                  Features<Scalar>& u);
  /// `action(row, first, count)` for each row's share of the edges first .. first + count - 1.
  template <typename Action>
  void for_rows(const graph::Graph& graph, std::size_t first, std::size_t count, Action action) const;

  std::array<BlockWeights<Scalar>, 3> weights_;
  RadialFunction<Scalar> radial_;
  Workspace<Scalar> wide_, wider_, vertices_; ///< work space of the rows: [rows x 64] twice, [rows x 32]
  Workspace<Scalar> sender_, receiver_;       ///< [rows x 64] parts of the first edge layer
  Workspace<Scalar> hidden_mean_, edge_mean_; ///< [rows x 64], [rows x 32]
  Workspace<Scalar> layer_, hidden_, dense_;  ///< of one tile of edges: [edges x 64] twice, [edges x 32]
};

extern template class Blocks<float>;
extern template class Blocks<double>;

} // namespace ionsift::megnet
