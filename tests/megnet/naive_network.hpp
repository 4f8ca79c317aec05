// SPDX-License-Identifier: BSD-3-Clause
// MEGNet as defined in METHOD's section 3: every site, every edge, one matrix after the other.
#pragma once

#include "ionsift/crystal/crystal.hpp"
#include "ionsift/graph/graph.hpp"
#include "ionsift/megnet/parent.hpp"

#include <array>
#include <cmath>
#include <vector>

namespace ionsift::test {

class NaiveNetwork {
public:
  using Matrix = ionsift::Matrix<double>;

  explicit NaiveNetwork(const megnet::Parent& parent) : parent_(parent) {}

  struct Result {
    std::array<Matrix, 4> levels;
    double prediction;
  };

  /// @param species of each site
  Result run(const crystal::Crystal& crystal,
             const std::vector<std::vector<crystal::Species>>& species) const {
    const auto& weights = parent_.weights;
    const auto graph = graph::build_graph(crystal::without_symmetry(crystal),
                                          {.cutoff = parent_.converter.cutoff, .merge_tolerance = 0});
    Result result;
    result.levels[0] = embed(species);
    Matrix v = dense_layers(weights.first_v, result.levels[0], true);
    Matrix e = dense_layers(weights.first_e, expand(graph), true);
    Matrix u = dense_layers(weights.first_u, Matrix::Zero(1, 2), true);
    for (int k = 0; k < 3; ++k) {
      const auto& block = weights.block[k];
      const Matrix v_in = dense_layers(block.dense_v, v, true);
      const Matrix e_in = dense_layers(block.dense_e, e, true);
      const Matrix u_in = dense_layers(block.dense_u, u, true);
      const Matrix e_out = edges(block, graph, v_in, e_in, u_in);
      const Matrix v_out = vertices(block, graph, v_in, e_out, u_in);
      Matrix together(1, 96);
      together << mean(e_out), mean(v_out), u_in;
      v += v_out;
      e += e_out;
      u += dense_layers(block.phi_u, together, false);
      result.levels[k + 1] = v_out;
    }
    Matrix features(1, 96);
    features << set2set(weights.readout_v, v), set2set(weights.readout_e, e), u;
    result.prediction = dense_layers(weights.readout, features, false)(0, 0);
    return result;
  }

private:
  static Matrix activate(const Matrix& x) {
    return x.unaryExpr(
        [](double z) { return std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z))) - std::log(2.0); });
  }

  static Matrix mean(const Matrix& x) {
    return x.rows() == 0 ? Matrix::Zero(1, x.cols()) : Matrix(x.colwise().mean());
  }

  /// @param last whether the last layer is activated as well
  static Matrix dense_layers(const megnet::Mlp<double>& layers, Matrix x, bool last) {
    for (std::size_t i = 0; i < layers.size(); ++i) {
      x = (x * layers[i].kernel).rowwise() + layers[i].bias;
      if (last || i + 1 < layers.size()) {
        x = activate(x);
      }
    }
    return x;
  }

  Matrix embed(const std::vector<std::vector<crystal::Species>>& species) const {
    Matrix v = Matrix::Zero(static_cast<Eigen::Index>(species.size()), 16);
    for (std::size_t site = 0; site < species.size(); ++site) {
      for (const auto& one : species[site]) {
        v.row(site) += one.occupancy * parent_.weights.embedding.row(one.atomic_number);
      }
    }
    return v;
  }

  Matrix expand(const graph::Graph& graph) const {
    const auto& converter = parent_.converter;
    Matrix e(graph.edges(), converter.centres.size());
    for (Eigen::Index i = 0; i < e.rows(); ++i) {
      for (Eigen::Index c = 0; c < e.cols(); ++c) {
        e(i, c) = std::exp(-std::pow((graph.distance[i] - converter.centres[c]) / converter.width, 2));
      }
    }
    return e;
  }

  static Matrix edges(const megnet::BlockWeights<double>& block, const graph::Graph& graph, const Matrix& v,
                      const Matrix& e, const Matrix& u) {
    Matrix together(e.rows(), 128);
    for (std::size_t site = 0; site < graph.rows(); ++site) {
      for (auto edge = graph.first_edge[site]; edge < graph.first_edge[site + 1]; ++edge) {
        together.row(edge) << v.row(site), v.row(graph.neighbour[edge]), e.row(edge), u;
      }
    }
    return dense_layers(block.phi_e, together, false);
  }

  static Matrix vertices(const megnet::BlockWeights<double>& block, const graph::Graph& graph,
                         const Matrix& v, const Matrix& e, const Matrix& u) {
    Matrix together(v.rows(), 96);
    for (std::size_t site = 0; site < graph.rows(); ++site) {
      const auto first = graph.first_edge[site], count = graph.first_edge[site + 1] - first;
      together.row(site) << mean(e.middleRows(first, count)), v.row(site), u;
    }
    return dense_layers(block.phi_v, together, false);
  }

  static Matrix set2set(const megnet::Set2SetWeights<double>& weights, const Matrix& x) {
    const Matrix memory = (x * weights.memory.kernel).rowwise() + weights.memory.bias;
    const auto gate = [](double z) { return std::min(std::max(0.2 * z + 0.5, 0.0), 1.0); };
    Matrix state = Matrix::Zero(1, 32);
    for (int step = 0; step < weights.steps; ++step) {
      const Matrix z = state * weights.recurrent + weights.recurrent_bias;
      for (int k = 0; k < 16; ++k) {
        state(0, k) = gate(z(0, 48 + k)) * std::tanh(gate(z(0, k)) * std::tanh(z(0, 32 + k)));
      }
      Eigen::ArrayXd attention = (memory * state.leftCols(16).transpose()).array().exp();
      attention /= attention.sum();
      state.rightCols(16) = attention.matrix().transpose() * memory;
    }
    return state;
  }

  const megnet::Parent& parent_;
};

} // namespace ionsift::test
