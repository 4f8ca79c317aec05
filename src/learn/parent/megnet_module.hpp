// SPDX-License-Identifier: BSD-3-Clause
// MEGNet with gradients: the layers of megnet::Network as a libtorch module.
#pragma once

#include "ionsift/learn/model/parent_shape.hpp"
#include "ionsift/megnet/parent.hpp"

#include "graph_batch.hpp"
#include "tensor/dense.hpp"

#include <array>
#include <string>
#include <vector>

namespace ionsift::learn {

/// The weights are leaves of autograd that lie in one flat tensor, their gradients in another.
class MegnetModule {
public:
  static constexpr std::int64_t elements = 95, embedding_width = 16, readout_hidden = 16;
  static constexpr int levels = 3, readout_steps = 2;

  /// Zeros. @param type kFloat, or kDouble for checks
  /// @param mapped with a linear map from each level to the 32 columns of a teacher, where widths differ
  MegnetModule(const ParentShape& shape, const megnet::GraphConverter& converter, bool mapped,
               at::ScalarType type);

  /// Glorot-uniform kernels, zero biases, embedding uniform in +-0.5.
  void initialise(std::uint64_t seed);

  struct Output {
    std::vector<at::Tensor> level; ///< [blocks] of [rows x features]: V1, V2, V3 before the skip addition
    at::Tensor prediction;         ///< [B] before any sigmoid
  };
  Output forward(const GraphBatch& batch) const;
  /// A level in the columns of a teacher: mapped, or as it is. [rows x 32]
  at::Tensor as_taught(const Output& output, std::size_t level) const;

  const ParentShape& shape() const { return shape_; }
  const at::Tensor& flat() const { return flat_; }
  const at::Tensor& gradient() const { return gradient_; }
  const std::vector<std::string>& names() const { return names_; }

  /// The weights in the published layout, narrow ones surrounded by zeros.
  /// @param scale, shift of the prediction: what is written predicts scale x + shift
  megnet::Weights<double> weights(double scale, double shift) const;

private:
  using Mlp = std::vector<Dense>;
  struct Block {
    Mlp dense_v, dense_e, dense_u, phi_e, phi_v, phi_u;
  };
  struct Readout {
    Dense memory, recurrent;
  };
  struct State {
    at::Tensor v, e, u;
  };
  class Registrar;

  void make_layers(Registrar& registrar);
  at::Tensor expand(const at::Tensor& distance) const;
  at::Tensor run_block(std::size_t k, const GraphBatch& batch, State& state) const;
  at::Tensor read(const Readout& weights, const at::Tensor& rows, const at::Tensor& structure,
                  const at::Tensor& weight, std::int64_t structures) const;

  ParentShape shape_;
  megnet::GraphConverter converter_;
  at::Tensor centres_;
  at::Tensor embedding_;
  Mlp first_v_, first_e_, first_u_;
  std::vector<Block> blocks_;
  Readout readout_v_, readout_e_;
  Mlp readout_;
  std::vector<Dense> maps_;
  at::Tensor flat_, gradient_;
  std::vector<std::string> names_;
  std::vector<at::Tensor> tensors_;
};

} // namespace ionsift::learn
