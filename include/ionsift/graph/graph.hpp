// The crystal graph: symmetry-distinct sites and their neighbours.
#pragma once

#include "ionsift/crystal/crystal.hpp"

#include <cstdint>
#include <vector>

namespace ionsift::graph {

/// Rows are the orbits of a crystal; edges run from each row's representative to all its neighbours within
/// the cutoff (all images), named by their rows. Exact for every quantity that is a mean over sites when
/// rows are weighted by multiplicity.
struct Graph {
  double cutoff = 0;                    ///< angstrom
  std::vector<int> orbit;               ///< [rows] index of the crystal's orbit behind a row
  std::vector<int> multiplicity;        ///< [rows] sites that share the row
  std::vector<std::int64_t> first_edge; ///< [rows + 1]
  std::vector<std::int32_t> neighbour;  ///< [edges] row of the far end
  std::vector<double> distance;         ///< [edges] angstrom

  std::size_t rows() const { return multiplicity.size(); }
  std::size_t edges() const { return neighbour.size(); }
};

struct GraphOptions {
  double cutoff = 5.0;                 ///< angstrom; an edge has 1e-8 < d <= cutoff
  std::size_t max_edges = 20'000'000;  ///< of one structure; more is an Error limit
};

/// All neighbours of one site of every orbit.
/// @throws Error limit, data
Graph build_graph(const crystal::Crystal& crystal, const GraphOptions& options = {});

/// The graph without the rows whose `keep` is false, and without the edges to them. A representation that
/// drops sites needs no neighbour search of its own.
Graph subgraph(const Graph& graph, const std::vector<bool>& keep);

} // namespace ionsift::graph
