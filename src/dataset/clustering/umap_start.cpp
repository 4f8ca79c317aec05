// SPDX-License-Identifier: BSD-3-Clause
// The initial layout: eigenvectors of the normalised Laplacian.
#include "umap.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <Eigen/SparseCholesky>
#include <algorithm>
#include <cmath>
#include <limits>

namespace ionsift::dataset {

namespace {

using Items = std::vector<Eigen::Index>;

/// 1 - D^(-1/2) A D^(-1/2) of some items of a graph.
Eigen::SparseMatrix<double> normalised_laplacian(const SimilarityGraph& graph, const Items& items) {
  std::vector<Eigen::Index> place(static_cast<std::size_t>(graph.rows()), -1);
  for (std::size_t i = 0; i < items.size(); ++i) {
    place[static_cast<std::size_t>(items[i])] = static_cast<Eigen::Index>(i);
  }
  const Eigen::VectorXd degree = graph * Eigen::VectorXd::Ones(graph.cols());
  std::vector<Eigen::Triplet<double>> entries;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    entries.emplace_back(row, row, 1.0);
    for (SimilarityGraph::InnerIterator edge(graph, items[i]); edge; ++edge) {
      const auto column = place[static_cast<std::size_t>(edge.col())];
      if (column >= 0) {
        entries.emplace_back(row, column, -edge.value() / std::sqrt(degree(edge.row()) * degree(edge.col())));
      }
    }
  }
  const auto n = static_cast<Eigen::Index>(items.size());
  Eigen::SparseMatrix<double> laplacian(n, n);
  laplacian.setFromTriplets(entries.begin(), entries.end());
  return laplacian;
}

/// Eigenvectors of the smallest eigenvalues, ascending, by inverse iteration of a subspace: a few of them
/// cost a few sparse solutions, where all of them would cost the cube of the number of items.
Eigen::MatrixXd smallest_eigenvectors(const Eigen::SparseMatrix<double>& matrix, RandomStream& random) {
  constexpr Eigen::Index width = 10;
  constexpr double shift = 1e-6; // makes the matrix definite; small beside the eigenvalues sought
  constexpr double tolerance = 1e-10;
  const auto n = matrix.rows();
  Eigen::SparseMatrix<double> unit(n, n);
  unit.setIdentity();
  const Eigen::SimplicialLDLT<Eigen::SparseMatrix<double>> inverse(matrix + shift * unit);
  Eigen::MatrixXd block(n, std::min(n, width));
  for (auto& value : block.reshaped()) {
    value = random.normal();
  }
  const auto wanted = std::min<Eigen::Index>(3, block.cols());
  for (int step = 0; step < 300; ++step) {
    const Eigen::HouseholderQR<Eigen::MatrixXd> factors(inverse.solve(block));
    const Eigen::MatrixXd basis = factors.householderQ() * Eigen::MatrixXd::Identity(n, block.cols());
    const Eigen::MatrixXd image = matrix * basis;
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> small(basis.transpose() * image);
    block = basis * small.eigenvectors();
    const Eigen::MatrixXd residual = image * small.eigenvectors() - block * small.eigenvalues().asDiagonal();
    if (residual.leftCols(wanted).norm() < tolerance) {
      break;
    }
  }
  return block.leftCols(wanted);
}

/// The largest component positive, so that layouts do not depend on a library's choice of sign.
void fix_sign(Eigen::Ref<Eigen::VectorXd> vector) {
  Eigen::Index largest = 0;
  vector.cwiseAbs().maxCoeff(&largest);
  if (vector(largest) < 0) {
    vector = -vector;
  }
}

/// Second and third eigenvector of a piece, the largest component 1; zero where it is too small to have them.
Layout layout_of_piece(const SimilarityGraph& graph, const Items& items, RandomStream& random) {
  Eigen::MatrixXd vectors = smallest_eigenvectors(normalised_laplacian(graph, items), random);
  Layout layout = Layout::Zero(static_cast<Eigen::Index>(items.size()), 2);
  for (Eigen::Index k = 1; k < vectors.cols(); ++k) {
    fix_sign(vectors.col(k));
    layout.col(k - 1) = vectors.col(k);
  }
  const double largest = layout.cwiseAbs().maxCoeff();
  return largest > 0 ? Layout(layout / largest) : layout;
}

double mean_distance(const PairDistances& distances, const Items& a, const Items& b) {
  double sum = 0;
  for (const auto i : a) {
    for (const auto j : b) {
      sum += distances(static_cast<std::size_t>(i), static_cast<std::size_t>(j));
    }
  }
  return sum / static_cast<double>(a.size() * b.size());
}

/// Classical scaling (Torgerson, 1952): points whose distances are nearest to the mean ones of the pieces.
Layout centres_of_pieces(const PairDistances& distances, const std::vector<Items>& pieces) {
  const auto n = static_cast<Eigen::Index>(pieces.size());
  Eigen::MatrixXd squared = Eigen::MatrixXd::Zero(n, n);
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index j = 0; j < i; ++j) {
      const double d =
          mean_distance(distances, pieces[static_cast<std::size_t>(i)], pieces[static_cast<std::size_t>(j)]);
      squared(i, j) = squared(j, i) = d * d;
    }
  }
  const Eigen::MatrixXd centring =
      Eigen::MatrixXd::Identity(n, n) - Eigen::MatrixXd::Constant(n, n, 1.0 / static_cast<double>(n));
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(-0.5 * centring * squared * centring);
  Layout centres = Layout::Zero(n, 2);
  for (Eigen::Index k = 0; k < std::min<Eigen::Index>(2, n); ++k) {
    Eigen::VectorXd axis = solver.eigenvectors().col(n - 1 - k);
    fix_sign(axis);
    centres.col(k) = axis * std::sqrt(std::max(0.0, solver.eigenvalues()(n - 1 - k)));
  }
  return centres;
}

double half_distance_to_nearest(const Layout& centres, Eigen::Index piece) {
  double nearest = std::numeric_limits<double>::infinity();
  for (Eigen::Index other = 0; other < centres.rows(); ++other) {
    if (other != piece) {
      nearest = std::min(nearest, (centres.row(other) - centres.row(piece)).norm());
    }
  }
  return std::isfinite(nearest) ? nearest / 2 : 1.0;
}

} // namespace

std::vector<Items> connected_pieces(const SimilarityGraph& graph) {
  std::vector<Items> pieces;
  std::vector<bool> seen(static_cast<std::size_t>(graph.rows()), false);
  for (Eigen::Index start = 0; start < graph.rows(); ++start) {
    if (seen[static_cast<std::size_t>(start)]) {
      continue;
    }
    Items piece = {start};
    seen[static_cast<std::size_t>(start)] = true;
    for (std::size_t next = 0; next < piece.size(); ++next) {
      for (SimilarityGraph::InnerIterator edge(graph, piece[next]); edge; ++edge) {
        if (!seen[static_cast<std::size_t>(edge.col())]) {
          seen[static_cast<std::size_t>(edge.col())] = true;
          piece.push_back(edge.col());
        }
      }
    }
    std::ranges::sort(piece);
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

Layout spectral_start(const SimilarityGraph& graph, const PairDistances& distances,
                      const std::vector<Items>& pieces, RandomStream& random) {
  const auto centres = centres_of_pieces(distances, pieces);
  Layout layout(graph.rows(), 2);
  for (std::size_t p = 0; p < pieces.size(); ++p) {
    const auto piece = static_cast<Eigen::Index>(p);
    const auto local = layout_of_piece(graph, pieces[p], random);
    const double scale = half_distance_to_nearest(centres, piece);
    for (std::size_t i = 0; i < pieces[p].size(); ++i) {
      layout.row(pieces[p][i]) = centres.row(piece) + scale * local.row(static_cast<Eigen::Index>(i));
    }
  }
  constexpr double half_width = 10, noise = 1e-4, width = 10;
  const double largest = layout.cwiseAbs().maxCoeff();
  if (largest > 0) {
    layout *= half_width / largest;
  }
  for (auto& value : layout.reshaped()) {
    value += noise * random.normal();
  }
  for (auto column : layout.colwise()) {
    const double low = column.minCoeff(), high = column.maxCoeff();
    column = (width * (column.array() - low) / (high - low)).matrix();
  }
  return layout;
}

} // namespace ionsift::dataset
