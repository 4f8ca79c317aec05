// SPDX-License-Identifier: BSD-3-Clause
// The forward pass, stage by stage.
#pragma once

#include "ionsift/crystal/crystal.hpp"

#include "block.hpp"
#include "set2set.hpp"

#include <span>
#include <vector>

namespace ionsift::megnet {

inline constexpr std::size_t embedding_width = 16;

/// Called in this order: embed, start, block 0, 1, 2, predict; later stages may be omitted. Results hold
/// until the next call.
template <typename Scalar>
class Forward {
public:
  Forward(const Parent& parent, const GraphConverter& converter);

  /// V0 [rows x 16]. @throws Error data for an element that the embedding lacks or never
  /// learned, numeric
  const Scalar* embed(std::span<const std::vector<crystal::Species>> species);
  /// From the embedding to the input of block 1.
  void start(std::size_t rows);
  /// V1, V2 or V3 [rows x 32].
  /// @param k          0, 1 or 2
  /// @param keep_edges whether another block or the prediction follows
  /// @throws Error numeric for a result that is not finite
  const Scalar* block(int k, const graph::Graph& graph, bool keep_edges);
  /// The readout, in the parent's unit; for a graph with rows. @throws Error numeric
  double predict(const graph::Graph& graph);

private:
  Weights<Scalar> weights_;
  Blocks<Scalar> blocks_;
  Set2Set<Scalar> readout_v_, readout_e_;
  bool sigmoid_;
  std::vector<bool> unseen_; ///< [atomic numbers] whether our own parent was not trained on it; empty: on all
  Features<Scalar> first_u_; ///< the global state that enters block 1; the same for all structures
  State<Scalar> state_;
  Workspace<Scalar> vertices_, hidden_, site_weight_, edge_weight_;
};

extern template class Forward<float>;
extern template class Forward<double>;

} // namespace ionsift::megnet
