// SPDX-License-Identifier: BSD-3-Clause
// Conversion of a module's weights to the published layout.
#include "megnet_module.hpp"

#include <algorithm>

namespace ionsift::learn {

namespace {

using Matrix = ionsift::Matrix<double>;

constexpr int features = 32, hidden = 64; // METHOD: section 3

Matrix to_matrix(const at::Tensor& tensor) {
  const auto values = tensor.detach().to(at::kDouble).contiguous();
  return Eigen::Map<const Matrix>(values.data_ptr<double>(), values.size(0), values.size(1));
}

RowVector<double> to_vector(const at::Tensor& tensor) {
  const auto values = tensor.detach().to(at::kDouble).contiguous();
  return Eigen::Map<const RowVector<double>>(values.data_ptr<double>(), values.size(0));
}

/// Zeros around a layer. @param parts how many concatenated inputs it has  @param in of each, when padded
megnet::Dense<double> padded(const Dense& layer, int parts, int in, int out) {
  const Matrix kernel = to_matrix(layer.kernel);
  const auto bias = to_vector(layer.bias);
  megnet::Dense<double> result{Matrix::Zero(parts * in, out), RowVector<double>::Zero(out)};
  const auto own = kernel.rows() / parts;
  for (int part = 0; part < parts; ++part) {
    result.kernel.block(part * in, 0, own, kernel.cols()) = kernel.middleRows(part * own, own);
  }
  result.bias.head(bias.size()) = bias;
  return result;
}

/// in -> 64 -> 32.
megnet::Mlp<double> padded_pair(const std::vector<Dense>& layers, int in) {
  return {padded(layers[0], 1, in, hidden), padded(layers[1], 1, hidden, features)};
}

/// parts x 32 -> 64 -> 64 -> 32.
megnet::Mlp<double> padded_phi(const std::vector<Dense>& layers, int parts) {
  return {padded(layers[0], parts, features, hidden), padded(layers[1], 1, hidden, hidden),
          padded(layers[2], 1, hidden, features)};
}

megnet::Dense<double> zeros(int in, int out) {
  return {Matrix::Zero(in, out), RowVector<double>::Zero(out)};
}

/// An identity block.
megnet::BlockWeights<double> idle_block() {
  const megnet::Mlp<double> pair = {zeros(features, hidden), zeros(hidden, features)};
  const auto phi = [](int parts) -> megnet::Mlp<double> {
    return {zeros(parts * features, hidden), zeros(hidden, hidden), zeros(hidden, features)};
  };
  return {pair, pair, pair, phi(4), phi(3), phi(3)};
}

} // namespace

megnet::Weights<double> MegnetModule::weights(double scale, double shift) const {
  megnet::Weights<double> result;
  result.embedding = to_matrix(embedding_);
  result.first_v = padded_pair(first_v_, static_cast<int>(embedding_width));
  result.first_e = padded_pair(first_e_, static_cast<int>(centres_.size(1)));
  result.first_u = padded_pair(first_u_, 2);
  for (std::size_t k = 0; k < result.block.size(); ++k) {
    auto& to = result.block[k];
    to = idle_block();
    if (k < blocks_.size()) {
      const auto& from = blocks_[k];
      if (k > 0) {
        to.dense_v = padded_pair(from.dense_v, features);
        to.dense_e = padded_pair(from.dense_e, features);
        to.dense_u = padded_pair(from.dense_u, features);
      }
      to.phi_e = padded_phi(from.phi_e, 4);
      to.phi_v = padded_phi(from.phi_v, 3);
      to.phi_u = padded_phi(from.phi_u, 3);
    }
  }
  result.block[0].dense_v.clear();
  result.block[0].dense_e.clear();
  result.block[0].dense_u.clear();
  const auto readout = [&](const Readout& from) -> megnet::Set2SetWeights<double> {
    return {padded(from.memory, 1, features, static_cast<int>(readout_hidden)),
            to_matrix(from.recurrent.kernel), to_vector(from.recurrent.bias), readout_steps};
  };
  result.readout_v = readout(readout_v_);
  result.readout_e = readout(readout_e_);
  // The readout's inputs are 32 of sites, 32 of edges and u; only u may be narrower.
  result.readout = {padded(readout_[0], 1, 3 * features, 32), padded(readout_[1], 1, 32, 16),
                    padded(readout_[2], 1, 16, 1)};
  result.readout[2].kernel *= scale;
  result.readout[2].bias = result.readout[2].bias * scale;
  result.readout[2].bias.array() += shift;
  return result;
}

} // namespace ionsift::learn
