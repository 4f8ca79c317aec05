// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/graph/graph.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/base/error.hpp"

#include "near_sites.hpp"
#include "neighbour_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace ionsift::graph {

namespace {

void validate(const crystal::Crystal& crystal, const GraphOptions& options) {
  IONSIFT_VALIDATE(std::isfinite(options.cutoff) && options.cutoff > 0, usage,
                   fmt::format("the cutoff is {} angstrom", options.cutoff),
                   "neighbours need a positive radius", "Give a cutoff such as 5.");
  const int sites = static_cast<int>(crystal.sites.size());
  for (const auto& site : crystal.sites) {
    IONSIFT_VALIDATE(site.fractional.allFinite() && site.fractional.cwiseAbs().maxCoeff() < 1e6, data,
                     "a site has an invalid coordinate", "fractional coordinates lie in [0, 1)",
                     "Correct the coordinates in the source.");
    IONSIFT_ASSERT(site.orbit >= 0 && site.orbit < static_cast<int>(crystal.orbits.size()),
                   "a site of the crystal belongs to no orbit");
  }
  for (const auto& orbit : crystal.orbits) {
    IONSIFT_ASSERT(orbit.representative >= 0 && orbit.representative < sites,
                   "an orbit of the crystal has no representative site");
  }
}

/// Rejects a search that would not finish.
void validate_effort(const crystal::Crystal& crystal, double volume, const GraphOptions& options) {
  const double pairs = static_cast<double>(crystal.orbits.size()) * static_cast<double>(crystal.sites.size());
  const double sphere = 4.0 / 3.0 * std::numbers::pi * std::pow(options.cutoff, 3);
  const double neighbours = pairs * sphere / volume;
  IONSIFT_VALIDATE(
      neighbours <= 2 * static_cast<double>(options.max_edges), limit,
      fmt::format("about {:.3g} neighbours within {} angstrom are expected", neighbours, options.cutoff),
      fmt::format("at most {} are allowed, and the cell ({:.3g} cubic angstrom, {} sites) is too dense",
                  options.max_edges, volume, crystal.sites.size()),
      "Check the cell, lower the cutoff or raise max_edges.");
}

/// Appends edges to one row from the distances to one neighbour row.
void append_edges(Graph& graph, int neighbour, std::vector<double>& distances, double tolerance) {
  std::sort(distances.begin(), distances.end());
  for (std::size_t first = 0; first < distances.size();) {
    std::size_t last = first + 1;
    while (last < distances.size() && distances[last] - distances[first] < tolerance) {
      ++last;
    }
    const auto begin = distances.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = distances.begin() + static_cast<std::ptrdiff_t>(last);
    // The mean: the remaining error is of second order in the differences.
    const double excess =
        std::accumulate(begin, end, 0.0, [&](double sum, double d) { return sum + (d - *begin); });
    graph.neighbour.push_back(neighbour);
    graph.distance.push_back(*begin + excess / static_cast<double>(last - first));
    graph.count.push_back(static_cast<std::int32_t>(last - first));
    first = last;
  }
  distances.clear();
}

} // namespace

std::int64_t Graph::degree(std::size_t row) const {
  return std::accumulate(count.begin() + first_edge[row], count.begin() + first_edge[row + 1],
                         std::int64_t{0});
}

Graph build_graph(const crystal::Crystal& crystal, const GraphOptions& options) {
  validate(crystal, options);
  Graph graph;
  graph.cutoff = options.cutoff;
  graph.first_edge.push_back(0);
  if (crystal.orbits.empty()) {
    return graph;
  }
  const double volume = volume_of(crystal.lattice);
  validate_effort(crystal, volume, options);
  const double radius = options.cutoff + coincidence;
  Candidates candidates(crystal, radius);
  crystal::ImageSearch images(crystal.lattice, radius);

  std::size_t neighbours = 0;
  std::vector<double> distances;
  for (std::size_t row = 0; row < crystal.orbits.size(); ++row) {
    options.budget.check();
    const auto& orbit = crystal.orbits[row];
    graph.orbit.push_back(static_cast<int>(row));
    graph.multiplicity.push_back(orbit.multiplicity);
    const Eigen::Vector3d centre = crystal.sites[orbit.representative].fractional;
    int far = -1;
    for (const int position : candidates.near(centre)) {
      const auto& site = candidates.site(position);
      if (site.orbit != far) {
        append_edges(graph, far, distances, options.merge_tolerance);
        far = site.orbit;
      }
      neighbours += append_distances(images, site.fractional - centre, distances);
      IONSIFT_VALIDATE(
          neighbours <= options.max_edges, limit,
          fmt::format("more than {} neighbours within {} angstrom", options.max_edges, options.cutoff),
          fmt::format("the cell has {} sites in {:.4g} cubic angstrom", crystal.sites.size(), volume),
          "Lower the cutoff or raise max_edges.");
    }
    append_edges(graph, far, distances, options.merge_tolerance);
    graph.first_edge.push_back(static_cast<std::int64_t>(graph.edges()));
  }
  return graph;
}

Graph subgraph(const Graph& graph, const std::vector<bool>& keep) {
  IONSIFT_ASSERT(keep.size() == graph.rows(), fmt::format("{} flags for {} rows", keep.size(), graph.rows()));
  std::vector<std::int32_t> renumbered(graph.rows(), -1);
  Graph part;
  part.cutoff = graph.cutoff;
  for (std::size_t row = 0; row < graph.rows(); ++row) {
    if (keep[row]) {
      renumbered[row] = static_cast<std::int32_t>(part.rows());
      part.orbit.push_back(graph.orbit[row]);
      part.multiplicity.push_back(graph.multiplicity[row]);
    }
  }
  part.first_edge.push_back(0);
  for (std::size_t row = 0; row < graph.rows(); ++row) {
    if (!keep[row]) {
      continue;
    }
    for (auto edge = graph.first_edge[row]; edge < graph.first_edge[row + 1]; ++edge) {
      const auto far = renumbered[graph.neighbour[edge]];
      if (far >= 0) {
        part.neighbour.push_back(far);
        part.distance.push_back(graph.distance[edge]);
        part.count.push_back(graph.count[edge]);
      }
    }
    part.first_edge.push_back(static_cast<std::int64_t>(part.edges()));
  }
  return part;
}

double neighbours_per_site(const Graph& graph) {
  double neighbours = 0, sites = 0;
  for (std::size_t row = 0; row < graph.rows(); ++row) {
    neighbours += static_cast<double>(graph.multiplicity[row]) * static_cast<double>(graph.degree(row));
    sites += graph.multiplicity[row];
  }
  return sites > 0 ? neighbours / sites : 0.0;
}

} // namespace ionsift::graph
