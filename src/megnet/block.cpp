// SPDX-License-Identifier: BSD-3-Clause
#include "block.hpp"

#include "ionsift/base/errands.hpp"

#include <algorithm>

namespace ionsift::megnet {

namespace {

// With the weights (about 50 KB) and the radial table, two tiles of 64 columns fit the second-level cache.
constexpr std::size_t tile = 256;

/// Rows first .. first + 31 of a kernel that multiplies concatenated features.
template <typename Scalar>
const Scalar* part(const Dense<Scalar>& layer, std::size_t index) {
  return layer.kernel.data() + index * feature_width * hidden_width;
}

/// b + u W, with the rows of W that multiply the global state.
template <typename Scalar>
std::array<Scalar, hidden_width> bias_with_state(const Dense<Scalar>& layer, std::size_t index,
                                                 const Features<Scalar>& u) {
  std::array<Scalar, hidden_width> bias;
  kernels<Scalar>().dense({.rows = 1,
                           .in = feature_width,
                           .out = hidden_width,
                           .x = u.data(),
                           .w = part(layer, index),
                           .bias = layer.bias.data(),
                           .y = bias.data()});
  return bias;
}

/// dense 64, dense 32, both activated.
template <typename Scalar>
void apply_pair(const Mlp<Scalar>& layers, std::size_t rows, const Scalar* x, Scalar* hidden, Scalar* y) {
  apply(layers[0], rows, x, hidden, true);
  apply(layers[1], rows, hidden, y, true);
}

} // namespace

template <typename Scalar>
Blocks<Scalar>::Blocks(const Weights<double>& weights, const GraphConverter& converter)
    : weights_(weights.cast<Scalar>().block), radial_(weights, converter) {
}

template <typename Scalar>
void Blocks<Scalar>::run(int k, const graph::Graph& graph, bool keep_edges, State<Scalar>& state, Scalar* v) {
  const std::size_t rows = graph.rows();
  const Inputs inputs = prepare(k, rows, state);
  split_first_layer(k, rows, inputs);
  run_edges(k, graph, keep_edges, state);
  average_edges(k, graph);
  run_vertices(k, rows, inputs, v);
  if (keep_edges) {
    run_global(k, graph, inputs, v, state.u);
    Scalar* sum = state.v.data();
    for (std::size_t i = 0; i < rows * feature_width; ++i) {
      sum[i] += v[i];
    }
  }
}

template <typename Scalar>
auto Blocks<Scalar>::prepare(int k, std::size_t rows, const State<Scalar>& state) -> Inputs {
  const auto& weights = weights_[k];
  Inputs inputs{state.v.data(), state.u};
  if (k > 0) {
    Scalar* vertices = vertices_.reserve(rows * feature_width);
    apply_pair(weights.dense_v, rows, state.v.data(), wide_.reserve(rows * hidden_width), vertices);
    inputs.v = vertices;
    std::array<Scalar, hidden_width> hidden;
    apply_pair(weights.dense_u, 1, state.u.data(), hidden.data(), inputs.u.data());
  }
  return inputs;
}

template <typename Scalar>
void Blocks<Scalar>::split_first_layer(int k, std::size_t rows, const Inputs& inputs) {
  const auto& layer = weights_[k].phi_e[0]; // [v_i, v_j, e, u]
  const auto bias = bias_with_state(layer, 3, inputs.u);
  DenseTask<Scalar> task{.rows = static_cast<std::ptrdiff_t>(rows),
                         .in = feature_width,
                         .out = hidden_width,
                         .x = inputs.v,
                         .w = part(layer, 0),
                         .bias = bias.data(),
                         .y = sender_.reserve(rows * hidden_width)};
  kernels<Scalar>().dense(task);
  task.w = part(layer, 1);
  task.bias = nullptr;
  task.y = receiver_.reserve(rows * hidden_width);
  kernels<Scalar>().dense(task);
}

template <typename Scalar>
template <typename Action>
void Blocks<Scalar>::for_rows(const graph::Graph& graph, std::size_t first, std::size_t count,
                              Action action) const {
  const auto begin = graph.first_edge.begin();
  auto row = static_cast<std::size_t>(
      std::upper_bound(begin, graph.first_edge.end(), static_cast<std::int64_t>(first)) - begin - 1);
  for (std::size_t edge = first; edge < first + count; ++row) {
    const auto end = std::min(static_cast<std::size_t>(graph.first_edge[row + 1]), first + count);
    action(row, edge, end - edge);
    edge = end;
  }
}

template <typename Scalar>
void Blocks<Scalar>::first_edge_layer(int k, const graph::Graph& graph, std::size_t first, std::size_t count,
                                      bool keep_edges, Scalar* edges) {
  const auto& run = kernels<Scalar>();
  Scalar* layer = layer_.reserve(tile * hidden_width);
  if (k == 0) {
    radial_.evaluate(count, graph.distance.data() + first, layer, keep_edges ? edges : nullptr);
  }
  for_rows(graph, first, count, [&](std::size_t row, std::size_t edge, std::size_t n) {
    Scalar* y = layer + (edge - first) * hidden_width;
    run.add_ends(static_cast<std::ptrdiff_t>(n), hidden_width, k == 0 ? y : nullptr,
                 sender_.data() + row * hidden_width, receiver_.data(), graph.neighbour.data() + edge, y,
                 k == 0);
  });
  if (k > 0) {
    Scalar* dense = dense_.reserve(tile * feature_width);
    apply_pair(weights_[k].dense_e, count, edges, hidden_.data(), dense);
    run.dense({.rows = static_cast<std::ptrdiff_t>(count),
               .in = feature_width,
               .out = hidden_width,
               .x = dense,
               .w = part(weights_[k].phi_e[0], 2),
               .addend = layer,
               .y = layer,
               .activate = true});
  }
}

template <typename Scalar>
void Blocks<Scalar>::run_edges(int k, const graph::Graph& graph, bool keep_edges, State<Scalar>& state) {
  const auto& run = kernels<Scalar>();
  const auto& phi = weights_[k].phi_e;
  Scalar* sums = hidden_mean_.reserve(graph.rows() * hidden_width);
  std::fill_n(sums, graph.rows() * hidden_width, Scalar(0));
  Scalar* hidden = hidden_.reserve(tile * hidden_width);
  if (k == 0 && keep_edges) {
    state.e.reserve(graph.edges() * feature_width);
  }
  for (std::size_t first = 0; first < graph.edges(); first += tile) {
    run_errands();
    const std::size_t count = std::min(tile, graph.edges() - first);
    Scalar* edges = state.e.data() + (k > 0 || keep_edges ? first * feature_width : 0);
    first_edge_layer(k, graph, first, count, keep_edges, edges);
    apply(phi[1], count, layer_.data(), hidden, true);
    for_rows(graph, first, count, [&](std::size_t row, std::size_t edge, std::size_t n) {
      run.accumulate(static_cast<std::ptrdiff_t>(n), hidden_width, graph.count.data() + edge,
                     hidden + (edge - first) * hidden_width, sums + row * hidden_width);
    });
    if (keep_edges) {
      run.dense({.rows = static_cast<std::ptrdiff_t>(count),
                 .in = hidden_width,
                 .out = feature_width,
                 .x = hidden,
                 .w = phi[2].kernel.data(),
                 .bias = phi[2].bias.data(),
                 .addend = edges,
                 .y = edges});
    }
  }
}

template <typename Scalar>
void Blocks<Scalar>::average_edges(int k, const graph::Graph& graph) {
  Scalar* mean = hidden_mean_.data();
  Scalar* edges = edge_mean_.reserve(graph.rows() * feature_width);
  for (std::size_t row = 0; row < graph.rows(); ++row) {
    const auto degree = static_cast<Scalar>(std::max<std::int64_t>(graph.degree(row), 1));
    for (std::size_t c = 0; c < hidden_width; ++c) {
      mean[row * hidden_width + c] /= degree;
    }
  }
  apply(weights_[k].phi_e[2], graph.rows(), mean, edges, false);
  for (std::size_t row = 0; row < graph.rows(); ++row) {
    if (graph.first_edge[row] == graph.first_edge[row + 1]) {
      std::fill_n(edges + row * feature_width, feature_width, Scalar(0)); // METHOD: no edges, a zero mean
    }
  }
}

template <typename Scalar>
void Blocks<Scalar>::run_vertices(int k, std::size_t rows, const Inputs& inputs, Scalar* v) {
  const auto& phi = weights_[k].phi_v; // [mean of e', v, u]
  const auto bias = bias_with_state(phi[0], 2, inputs.u);
  Scalar* wide = wide_.reserve(rows * hidden_width);
  Scalar* wider = wider_.reserve(rows * hidden_width);
  DenseTask<Scalar> task{.rows = static_cast<std::ptrdiff_t>(rows),
                         .in = feature_width,
                         .out = hidden_width,
                         .x = edge_mean_.data(),
                         .w = part(phi[0], 0),
                         .bias = bias.data(),
                         .y = wide};
  kernels<Scalar>().dense(task);
  task.x = inputs.v;
  task.w = part(phi[0], 1);
  task.bias = nullptr;
  task.addend = wide;
  task.activate = true;
  kernels<Scalar>().dense(task);
  apply(phi[1], rows, wide, wider, true);
  apply(phi[2], rows, wider, v, false);
}

template <typename Scalar>
void Blocks<Scalar>::run_global(int k, const graph::Graph& graph, const Inputs& inputs, const Scalar* v,
                                Features<Scalar>& u) {
  std::array<double, 2 * feature_width> mean = {}; // of all e', of all v'
  double edges = 0, sites = 0;
  for (std::size_t row = 0; row < graph.rows(); ++row) {
    const double site_weight = graph.multiplicity[row];
    const double edge_weight = site_weight * static_cast<double>(graph.degree(row));
    sites += site_weight;
    edges += edge_weight;
    for (std::size_t c = 0; c < feature_width; ++c) {
      mean[c] += edge_weight * edge_mean_.data()[row * feature_width + c];
      mean[feature_width + c] += site_weight * v[row * feature_width + c];
    }
  }
  std::array<Scalar, 3 * feature_width> input;
  for (std::size_t c = 0; c < feature_width; ++c) {
    input[c] = static_cast<Scalar>(edges > 0 ? mean[c] / edges : 0.0);
    input[feature_width + c] = static_cast<Scalar>(sites > 0 ? mean[feature_width + c] / sites : 0.0);
    input[2 * feature_width + c] = inputs.u[c];
  }
  const auto& phi = weights_[k].phi_u;
  std::array<Scalar, hidden_width> first, second;
  Features<Scalar> change;
  apply(phi[0], 1, input.data(), first.data(), true);
  apply(phi[1], 1, first.data(), second.data(), true);
  apply(phi[2], 1, second.data(), change.data(), false);
  for (std::size_t c = 0; c < feature_width; ++c) {
    u[c] += change[c];
  }
}

template class Blocks<float>;
template class Blocks<double>;

} // namespace ionsift::megnet
