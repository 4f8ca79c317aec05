// SPDX-License-Identifier: BSD-3-Clause
// Uniform manifold approximation and projection to a plane, from precomputed distances.
//
// McInnes, Healy and Melville, arXiv 1802.03426 (2018), cited below as UMAP. If the paper leaves a choice
// open, that of the authors' program is used, so that layouts can be compared; each is noted.
#pragma once

#include "ionsift/base/random.hpp"
#include "ionsift/dataset/clustering/clusters.hpp"
#include "ionsift/dataset/pairs/element_mover.hpp"

#include <Eigen/Core>
#include <Eigen/SparseCore>
#include <vector>

namespace ionsift::dataset {

/// 1 / (1 + a d^(2b)): how similar two points at the distance d of the layout are.
struct SimilarityCurve {
  double a = 1, b = 1;
};

/// Fitted by least squares, at 300 places in [0, 3 spread], to 1 up to min_distance and to
/// exp(-(d - min_distance) / spread) beyond (UMAP, section 4.2 and definition 11; the places are the authors'
/// program's).
SimilarityCurve fit_similarity_curve(double spread, double min_distance);

/// Symmetric, entries in (0, 1], none on the diagonal.
using SimilarityGraph = Eigen::SparseMatrix<double, Eigen::RowMajor>;

/// The fuzzy simplicial set of the data (UMAP, algorithms 2 and 3): each item and its nearest ones, of which
/// it is the first itself, with similarities exp(-max(0, d - rho) / sigma), where rho is the smallest
/// distance that is not zero (local connectivity 1) and sigma makes them sum to log2(neighbours); both
/// directions joined by the probabilistic sum A + A' - A A'.
SimilarityGraph similarity_graph(const PairDistances& distances, int neighbours);

/// [items x 2]
using Layout = Eigen::Matrix<double, Eigen::Dynamic, 2>;

/// Eigenvectors of the normalised Laplacian (UMAP, algorithm 4) of each connected piece; pieces are placed by
/// classical scaling of their mean distances. Both coordinates span [0, 10], with normal noise of 1e-4 times
/// the half width (both as in the authors' program).
/// @param pieces  components of the graph, from connected_pieces
Layout spectral_start(const SimilarityGraph& graph, const PairDistances& distances,
                      const std::vector<std::vector<Eigen::Index>>& pieces, RandomStream& random);

/// The connected pieces of a graph, by their smallest item.
std::vector<std::vector<Eigen::Index>> connected_pieces(const SimilarityGraph& graph);

/// Stochastic gradient descent on the cross entropy of similarities in data and layout, with negative
/// sampling (UMAP, algorithm 5): an edge is drawn in a share of the epochs that is its similarity over the
/// largest one, each time with `negative_samples` random items that are pushed away. Gradients are clipped to
/// [-4, 4] in each coordinate; the learning rate falls linearly to zero; both ends of an edge move, as in the
/// authors' program.
void optimise_layout(const SimilarityGraph& graph, const SimilarityCurve& curve, const UmapOptions& options,
                     RandomStream& random, Layout& layout);

/// Trustworthiness: agreement of each item's neighbours in layout and data, 1 for all (Venna and Kaski,
/// 2001); ties in order of the items.
/// @param neighbours below half of the items
double trustworthiness(const PairDistances& distances, const Layout& layout, int neighbours);

} // namespace ionsift::dataset
