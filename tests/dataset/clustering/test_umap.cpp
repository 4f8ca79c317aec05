// SPDX-License-Identifier: BSD-3-Clause
#include "clustering/umap.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numeric>

using namespace ionsift;
using namespace ionsift::dataset;

namespace {

PairDistances distances_of(const std::vector<Eigen::VectorXd>& points) {
  std::vector<double> values;
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t j = i + 1; j < points.size(); ++j) {
      values.push_back((points[i] - points[j]).norm());
    }
  }
  return {points.size(), values};
}

/// Groups of points around distant centres in five dimensions.
std::vector<Eigen::VectorXd> blobs(std::size_t groups, std::size_t of_each, double spacing) {
  RandomStream random(2);
  std::vector<Eigen::VectorXd> points;
  for (std::size_t g = 0; g < groups; ++g) {
    const auto axis = static_cast<Eigen::Index>(g);
    for (std::size_t i = 0; i < of_each; ++i) {
      Eigen::VectorXd point = Eigen::VectorXd::NullaryExpr(5, [&] { return random.normal(); });
      point(axis) += spacing;
      points.push_back(point);
    }
  }
  return points;
}

Layout laid_out(const PairDistances& distances, const UmapOptions& options = {}) {
  RandomStream random(options.seed);
  const auto graph = similarity_graph(distances, options.neighbours);
  auto layout = spectral_start(graph, distances, connected_pieces(graph), random);
  optimise_layout(graph, fit_similarity_curve(options.spread, options.min_distance), options, random, layout);
  return layout;
}

} // namespace

TEST_CASE("the curve has the published parameters") {
  const auto usual = fit_similarity_curve(1, 0.1);
  CHECK(usual.a == Approx(1.5769).epsilon(1e-3));
  CHECK(usual.b == Approx(0.8951).epsilon(1e-3));
  // Values that umap-learn 0.5.3 fits for the study's spread.
  const auto wide = fit_similarity_curve(5, 0.1);
  CHECK(wide.a == Approx(0.1366663).epsilon(1e-5));
  CHECK(wide.b == Approx(0.8108764).epsilon(1e-5));
}

TEST_CASE("a graph worked by hand") {
  // On a line at 0, 1, 3, 7, three neighbours with the item itself: similarity 1 to the nearest, and to the
  // second log2(3) - 1, for whatever sigma.
  std::vector<Eigen::VectorXd> points;
  for (const double x : {0, 1, 3, 7}) {
    points.push_back(Eigen::VectorXd::Constant(1, x));
  }
  const Eigen::MatrixXd graph = similarity_graph(distances_of(points), 3);
  const double second = std::log2(3.0) - 1;
  const auto either = [](double a, double b) { return a + b - a * b; };
  CHECK(graph(0, 1) == Approx(1));                      // nearest of each other
  CHECK(graph(0, 2) == Approx(either(second, second))); // 2's nearest is 1, its second 0
  CHECK(graph(1, 2) == Approx(1));
  CHECK(graph(1, 3) == Approx(second)); // only 3 has 1 among its two neighbours
  CHECK(graph(2, 3) == Approx(1));
  CHECK(graph(0, 3) == 0);
  CHECK(graph.diagonal().isZero());
  CHECK(graph.isApprox(graph.transpose()));
}

TEST_CASE("similarities to the neighbours sum to the logarithm of their number") {
  // Points on a circle are equivalent: both directions are equal, and the union can be inverted.
  std::vector<Eigen::VectorXd> points;
  for (int i = 0; i < 40; ++i) {
    const double angle = i * 2 * 3.14159265358979 / 40;
    points.push_back(Eigen::Vector2d(std::cos(angle), std::sin(angle)));
  }
  const Eigen::MatrixXd graph = similarity_graph(distances_of(points), 15);
  const Eigen::ArrayXXd one_way = 1 - (1 - graph.array()).max(0).sqrt();
  CHECK(one_way.rowwise().sum().minCoeff() == Approx(std::log2(15.0)).epsilon(1e-6));
  CHECK(one_way.rowwise().sum().maxCoeff() == Approx(std::log2(15.0)).epsilon(1e-6));
}

TEST_CASE("equal items have a finite layout") {
  std::vector<Eigen::VectorXd> points(30, Eigen::VectorXd::Zero(2));
  for (std::size_t i = 20; i < 30; ++i) {
    points[i](0) = static_cast<double>(i);
  }
  const auto distances = distances_of(points);
  const auto layout = laid_out(distances);
  CHECK(layout.allFinite());
  CHECK(laid_out(distances_of({points.begin(), points.begin() + 20})).allFinite());
}

TEST_CASE("the spectral start of one piece follows the Laplacian of a chain") {
  // The second eigenvector of a chain is monotonous, the third has one extremum in the middle.
  SimilarityGraph chain(50, 50);
  std::vector<Eigen::Triplet<double>> links;
  for (int i = 0; i + 1 < 50; ++i) {
    links.emplace_back(i, i + 1, 1.0);
    links.emplace_back(i + 1, i, 1.0);
  }
  chain.setFromTriplets(links.begin(), links.end());
  const auto pieces = connected_pieces(chain);
  REQUIRE(pieces.size() == 1);
  RandomStream random(1);
  const PairDistances none(50, std::vector<double>(50 * 49 / 2, 1.0));
  auto layout = spectral_start(chain, none, pieces, random);
  CHECK(layout.colwise().minCoeff().isZero(1e-12));
  CHECK(layout.colwise().maxCoeff().isConstant(10, 1e-12));
  if (layout(0, 0) > layout(49, 0)) {
    layout.col(0) = 10 - layout.col(0).array();
  }
  for (int i = 3; i < 47; ++i) {
    CHECK(layout(i, 0) < layout(i + 1, 0));
  }
  CHECK(std::abs(layout(0, 1) - layout(49, 1)) < 0.1);
  CHECK(std::abs(layout(0, 1) - layout(25, 1)) > 8);
}

TEST_CASE("unconnected pieces stay apart, and neighbours in the data are neighbours in the layout") {
  const auto distances = distances_of(blobs(3, 40, 100));
  const auto graph = similarity_graph(distances, 15);
  REQUIRE(connected_pieces(graph).size() == 3);
  const auto layout = laid_out(distances);
  CHECK(trustworthiness(distances, layout, 15) > 0.85);
  std::vector<double> x(layout.col(0).begin(), layout.col(0).end());
  std::vector<double> y(layout.col(1).begin(), layout.col(1).end());
  std::vector<int> truth(120);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    truth[i] = static_cast<int>(i / 40);
  }
  CHECK(purity(find_dense_regions(x, y, {}), truth) == 1);
}

TEST_CASE("trustworthiness is 1 for the data themselves and one half for a random layout") {
  RandomStream random(3);
  std::vector<Eigen::VectorXd> points;
  Layout same(200, 2), other(200, 2);
  for (Eigen::Index i = 0; i < 200; ++i) {
    same.row(i) = Eigen::RowVector2d(random.normal(), random.normal());
    other.row(i) = Eigen::RowVector2d(random.normal(), random.normal());
    points.push_back(same.row(i).transpose());
  }
  const auto distances = distances_of(points);
  CHECK(trustworthiness(distances, same, 15) == 1);
  CHECK(trustworthiness(distances, other, 15) == Approx(0.5).margin(0.05));
  // Worked by hand: on a line at 0, 1, 3, 7 with one neighbour; the layout exchanges the last two. Then 2 has
  // 3 as nearest, formerly second; 3 has 1, formerly second; 1 still has 0, and 0 has 1.
  std::vector<Eigen::VectorXd> line;
  Layout exchanged = Layout::Zero(4, 2);
  const std::array<double, 4> before = {0, 1, 3, 7}, after = {0, 1, 7, 3};
  for (std::size_t i = 0; i < 4; ++i) {
    line.push_back(Eigen::VectorXd::Constant(1, before[i]));
    exchanged(static_cast<Eigen::Index>(i), 0) = after[i];
  }
  // Ranks beyond the first: item 2 -> 3 is its third (1, 0, 3), item 3 -> 1 is its second (2, 1, 0).
  CHECK(trustworthiness(distances_of(line), exchanged, 1) ==
        Approx(1 - 2.0 / (4 * 1 * (8 - 3 - 1)) * (2 + 1)));
}
