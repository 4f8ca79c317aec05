// SPDX-License-Identifier: BSD-3-Clause
// Optimization of the layout, and its trustworthiness.
#include "ionsift/base/assertion.hpp"

#include "umap.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ionsift::dataset {

namespace {

struct Edge {
  Eigen::Index from, to;
  double interval; ///< epochs between two draws
  double next;     ///< epoch of the next draw
};

/// Edges that are drawn at all in so many epochs, in both directions, by (from, to).
std::vector<Edge> edges_of(const SimilarityGraph& graph, int epochs) {
  const double largest = graph.coeffs().maxCoeff();
  std::vector<Edge> edges;
  for (Eigen::Index row = 0; row < graph.outerSize(); ++row) {
    for (SimilarityGraph::InnerIterator entry(graph, row); entry; ++entry) {
      const double interval = largest / entry.value();
      if (interval <= epochs) {
        edges.push_back({entry.row(), entry.col(), interval, interval});
      }
    }
  }
  return edges;
}

Eigen::RowVector2d clipped(const Eigen::RowVector2d& gradient) {
  constexpr double bound = 4;
  return gradient.cwiseMax(-bound).cwiseMin(bound);
}

/// Minus the gradient of -ln(similarity) with respect to the first point, over their difference.
double attraction(const SimilarityCurve& curve, double squared) {
  if (squared <= 0) {
    return 0;
  }
  return -2 * curve.a * curve.b * std::pow(squared, curve.b - 1) / (1 + curve.a * std::pow(squared, curve.b));
}

/// The same of -ln(1 - similarity); 1e-3 keeps it finite.
double repulsion(const SimilarityCurve& curve, double squared) {
  return 2 * curve.b / ((1e-3 + squared) * (1 + curve.a * std::pow(squared, curve.b)));
}

} // namespace

void optimise_layout(const SimilarityGraph& graph, const SimilarityCurve& curve, const UmapOptions& options,
                     RandomStream& random, Layout& layout) {
  auto edges = edges_of(graph, options.epochs);
  const auto items = static_cast<std::uint64_t>(layout.rows());
  for (int epoch = 0; epoch < options.epochs; ++epoch) {
    const double rate = options.learning_rate * (1 - static_cast<double>(epoch) / options.epochs);
    for (auto& edge : edges) {
      if (edge.next > epoch) {
        continue;
      }
      edge.next += edge.interval;
      const Eigen::RowVector2d apart = layout.row(edge.from) - layout.row(edge.to);
      const Eigen::RowVector2d move = rate * clipped(attraction(curve, apart.squaredNorm()) * apart);
      layout.row(edge.from) += move;
      layout.row(edge.to) -= move;
      for (int sample = 0; sample < options.negative_samples; ++sample) {
        const auto other = static_cast<Eigen::Index>(random.below(items));
        if (other == edge.from) {
          continue;
        }
        const Eigen::RowVector2d away = layout.row(edge.from) - layout.row(other);
        layout.row(edge.from) += rate * clipped(repulsion(curve, away.squaredNorm()) * away);
      }
    }
  }
}

double trustworthiness(const PairDistances& distances, const Layout& layout, int neighbours) {
  const std::size_t n = distances.size();
  const auto k = static_cast<std::size_t>(neighbours);
  IONSIFT_ASSERT(k > 0 && 2 * k < n,
                 fmt::format("trustworthiness among {} neighbours of {} items is not defined", k, n));
  std::vector<std::size_t> rank(n), order(n - 1);
  std::vector<double> to(n);
  double penalty = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto sort_others = [&](std::size_t first_ones) {
      std::iota(order.begin(), order.end(), std::size_t{0});
      std::for_each(order.begin() + static_cast<std::ptrdiff_t>(i), order.end(), [](auto& j) { ++j; });
      std::partial_sort(
          order.begin(), order.begin() + static_cast<std::ptrdiff_t>(first_ones), order.end(),
          [&](std::size_t a, std::size_t b) { return to[a] < to[b] || (to[a] == to[b] && a < b); });
    };
    for (std::size_t j = 0; j < n; ++j) {
      to[j] = distances(i, j);
    }
    sort_others(n - 1);
    for (std::size_t place = 0; place < order.size(); ++place) {
      rank[order[place]] = place + 1;
    }
    for (std::size_t j = 0; j < n; ++j) {
      to[j] =
          (layout.row(static_cast<Eigen::Index>(i)) - layout.row(static_cast<Eigen::Index>(j))).squaredNorm();
    }
    sort_others(k);
    for (std::size_t place = 0; place < k; ++place) {
      penalty += static_cast<double>(std::max(rank[order[place]], k) - k);
    }
  }
  const auto count = static_cast<double>(n);
  return 1 - 2 * penalty / (count * neighbours * (2 * count - 3.0 * neighbours - 1));
}

} // namespace ionsift::dataset
