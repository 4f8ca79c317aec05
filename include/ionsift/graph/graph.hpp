// SPDX-License-Identifier: BSD-3-Clause
// The crystal graph: symmetry-distinct sites and their neighbours.
#pragma once

#include "ionsift/base/time_budget.hpp"
#include "ionsift/crystal/crystal.hpp"

#include <cstdint>
#include <vector>

namespace ionsift::graph {

/// Rows are the orbits of a crystal; edges run from each row's representative to all its neighbours within
/// the cutoff (all images), named by their rows. Exact for every quantity that is a mean over sites when
/// rows are weighted by multiplicity.
///
/// Neighbours of one row that belong to the same row and lie at the same distance are one edge with a
/// `count`: whatever is computed from the two ends and the distance is the same for all of them. The edges
/// of a row are ordered by neighbour row, then by distance.
struct Graph {
  double cutoff = 0;                    ///< angstrom
  std::vector<int> orbit;               ///< [rows] index of the crystal's orbit behind a row
  std::vector<int> multiplicity;        ///< [rows] sites that share the row
  std::vector<std::int64_t> first_edge; ///< [rows + 1]
  std::vector<std::int32_t> neighbour;  ///< [edges] row of the far end
  std::vector<double> distance;         ///< [edges] angstrom
  std::vector<std::int32_t> count;      ///< [edges] neighbours that the edge stands for

  std::size_t rows() const { return multiplicity.size(); }
  std::size_t edges() const { return neighbour.size(); }
  /// Neighbours of a row's representative, images counted one by one.
  std::int64_t degree(std::size_t row) const;
};

struct GraphOptions {
  double cutoff = 5.0;                ///< angstrom; a neighbour has 1e-8 < d <= cutoff + 1e-8
  double merge_tolerance = 1e-5;      ///< angstrom; distances nearer than this count as the same, 0: none do
  std::size_t max_edges = 20'000'000; ///< neighbours of all representatives together; more is an Error limit
  TimeBudget budget = {};             ///< used up is an Error limit
};

/// All neighbours of one site of every orbit.
/// @throws Error limit, data (invalid lattice or coordinates)
Graph build_graph(const crystal::Crystal& crystal, const GraphOptions& options = {});

/// The graph without the rows for which `keep` is false and the edges to them. A representation that
/// drops sites needs no neighbour search of its own.
Graph subgraph(const Graph& graph, const std::vector<bool>& keep);

/// Mean number of neighbours over all sites of the cell; 0 without rows.
double neighbours_per_site(const Graph& graph);

} // namespace ionsift::graph
