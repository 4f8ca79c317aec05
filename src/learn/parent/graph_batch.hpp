// SPDX-License-Identifier: BSD-3-Clause
// Graphs of a few structures as tensors.
#pragma once

#include "ionsift/learn/graphs/graph_examples.hpp"

#include "tensor/tensor.hpp"

#include <cstdint>
#include <span>

namespace ionsift::learn {

/// Rows and edges of B structures one after the other; numbers of rows and structures count within the batch.
struct GraphBatch {
  std::int64_t structures = 0;
  at::Tensor element, species_row;         ///< [species] integers
  at::Tensor occupancy;                    ///< [species]
  at::Tensor row_structure;                ///< [rows] integers
  at::Tensor site_weight;                  ///< [rows] multiplicity
  at::Tensor inverse_degree, connected;    ///< [rows] 1 / neighbours (0 for none), and 1 where there are some
  at::Tensor row_edge_weight;              ///< [rows] multiplicity x neighbours
  at::Tensor sender, receiver;             ///< [edges] rows
  at::Tensor edge_structure;               ///< [edges] integers
  at::Tensor distance;                     ///< [edges] angstrom
  at::Tensor count, edge_weight;           ///< [edges] neighbours it stands for, the same times multiplicity
  at::Tensor inverse_sites, inverse_edges; ///< [B] 1 / sum of site_weight, of row_edge_weight (0 for none)
  at::Tensor target;                       ///< [B]
  at::Tensor taught;                       ///< [rows x 96], or undefined
};

/// @param type kFloat, or kDouble for checks
GraphBatch make_graph_batch(const GraphExamples& examples, std::span<const std::size_t> positions,
                            at::ScalarType type);

} // namespace ionsift::learn
