// SPDX-License-Identifier: BSD-3-Clause
// Neighbours against a naive search, and in other descriptions of the same crystal.
#include "ionsift/base/error.hpp"
#include "ionsift/graph/graph.hpp"

#include "crystals.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <map>

using namespace ionsift;
using graph::Graph;

namespace {

using Edges = std::map<int, std::vector<double>>; // neighbour row -> sorted distances, one for each neighbour

/// Every image within a generous box.
Edges naive(const crystal::Crystal& crystal, std::size_t row, double cutoff) {
  const Eigen::Matrix3d reciprocal = crystal.lattice.inverse();
  std::array<int, 3> reach;
  for (int axis = 0; axis < 3; ++axis) {
    reach[axis] = static_cast<int>(std::ceil(cutoff * reciprocal.col(axis).norm())) + 1;
  }
  const Eigen::Vector3d centre = crystal.sites[crystal.orbits[row].representative].fractional;
  double lattice[3][3]; // plain numbers: millions of images, also in builds without optimisation
  Eigen::Map<Eigen::Matrix<double, 3, 3, Eigen::RowMajor>>{&lattice[0][0]} = crystal.lattice;
  Edges edges;
  for (const auto& site : crystal.sites) {
    const Eigen::Vector3d start = site.fractional - centre;
    for (int a = -reach[0]; a <= reach[0]; ++a) {
      for (int b = -reach[1]; b <= reach[1]; ++b) {
        for (int c = -reach[2]; c <= reach[2]; ++c) {
          const double f[3] = {start[0] + a, start[1] + b, start[2] + c};
          double squared = 0;
          for (int k = 0; k < 3; ++k) {
            const double x = f[0] * lattice[0][k] + f[1] * lattice[1][k] + f[2] * lattice[2][k];
            squared += x * x;
          }
          const double distance = std::sqrt(squared);
          if (distance > 1e-8 && distance <= cutoff + 1e-8) {
            edges[site.orbit].push_back(distance);
          }
        }
      }
    }
  }
  for (auto& [far, distances] : edges) {
    std::sort(distances.begin(), distances.end());
  }
  return edges;
}

Edges edges_of(const Graph& graph, std::size_t row) {
  Edges edges;
  for (auto edge = graph.first_edge[row]; edge < graph.first_edge[row + 1]; ++edge) {
    auto& distances = edges[graph.neighbour[edge]];
    distances.insert(distances.end(), graph.count[edge], graph.distance[edge]);
  }
  return edges;
}

double largest_difference(const Edges& a, const Edges& b) {
  REQUIRE(a.size() == b.size());
  double largest = 0;
  for (const auto& [far, distances] : a) {
    REQUIRE(b.count(far) == 1);
    REQUIRE(b.at(far).size() == distances.size());
    for (std::size_t i = 0; i < distances.size(); ++i) {
      largest = std::max(largest, std::abs(distances[i] - b.at(far)[i]));
    }
  }
  return largest;
}

} // namespace

TEST_CASE("rock salt has the known shells") {
  const double edge = 4.08;
  const auto graph = graph::build_graph(test::rock_salt(3, 9, edge), {.cutoff = 4.5});
  REQUIRE(graph.rows() == 2);
  CHECK(graph.multiplicity == std::vector{4, 4});
  // 12 like ions at a/sqrt 2 and 6 at a; 6 unlike ones at a/2 and 8 at a sqrt(3)/2.
  const Edges edges = edges_of(graph, 0);
  CHECK(edges.at(0).size() == 18);
  CHECK(edges.at(1).size() == 14);
  CHECK(graph.edges() == 8);
  CHECK(graph.degree(0) == 32);
  CHECK(graph.distance[0] == Approx(edge / std::sqrt(2.0)).epsilon(1e-12));
  CHECK(graph.distance[1] == Approx(edge).epsilon(1e-12));
  CHECK(graph.distance[2] == Approx(edge / 2).epsilon(1e-12));
  CHECK(graph.count == std::vector<std::int32_t>{12, 6, 6, 8, 6, 8, 12, 6});
  CHECK(graph::neighbours_per_site(graph) == Approx(32));
}

TEST_CASE("neighbours exactly at the cutoff count, despite rounding") {
  for (const double edge : {1.0, 2.5, 5.0 / 3.0, 5.0}) {
    const auto crystal =
        test::make_crystal(Eigen::Matrix3d::Identity() * edge, {{{3, Eigen::Vector3d(0.1, 1.0 / 3, 0.7)}}});
    const auto edges = edges_of(graph::build_graph(crystal), 0);
    CAPTURE(edge);
    CHECK(std::count_if(edges.at(0).begin(), edges.at(0).end(),
                        [](double d) { return std::abs(d - 5) < 1e-6; }) >= 6);
  }
}

TEST_CASE("random sheared cells agree with a naive search") {
  RandomStream random(20);
  for (int trial = 0; trial < 200; ++trial) {
    const auto crystal = test::random_crystal(random, 1 + trial % 5, 1.5 + trial % 4, 9);
    const double cutoff = random.uniform(2, 6);
    const auto graph = graph::build_graph(crystal, {.cutoff = cutoff, .merge_tolerance = 0});
    REQUIRE(graph.rows() == crystal.orbits.size());
    for (std::size_t row = 0; row < graph.rows(); ++row) {
      CAPTURE(trial, row);
      CHECK(largest_difference(edges_of(graph, row), naive(crystal, row, cutoff)) < 1e-10);
    }
  }
}

TEST_CASE("flat and sheared descriptions of a cell give the same neighbours") {
  RandomStream random(21);
  const auto crystal = test::random_crystal(random, 6, 4, 7);
  Eigen::Matrix3d change;
  change << 1, 0, 0, 7, 1, 0, -5, 9, 1;
  const auto plain = graph::build_graph(crystal);
  const auto sheared = graph::build_graph(test::with_other_vectors(crystal, change));
  Eigen::Matrix3d swap;
  swap << 0, 0, 1, 0, 1, 0, 1, 0, 0;
  const auto mirrored = graph::build_graph(test::with_other_vectors(crystal, swap));
  for (std::size_t row = 0; row < plain.rows(); ++row) {
    CHECK(largest_difference(edges_of(plain, row), edges_of(sheared, row)) < 1e-9);
    CHECK(largest_difference(edges_of(plain, row), edges_of(mirrored, row)) < 1e-9);
  }
}

TEST_CASE("a row's neighbours are those of every site of its orbit") {
  const auto reduced = test::rock_salt(12, 8, 4.26);
  const auto graph = graph::build_graph(reduced);
  const auto full = graph::build_graph(crystal::without_symmetry(reduced));
  REQUIRE(full.rows() == 8);
  for (std::size_t site = 0; site < full.rows(); ++site) {
    CHECK(full.degree(site) == graph.degree(reduced.sites[site].orbit));
  }
  CHECK(graph::neighbours_per_site(full) == Approx(graph::neighbours_per_site(graph)).epsilon(1e-14));
  CHECK(graph.edges() < full.edges() / 4);
}

TEST_CASE("a supercell has the same graph") {
  RandomStream random(22);
  const auto crystal = test::random_crystal(random, 4, 3, 6);
  const auto graph = graph::build_graph(crystal);
  const auto large = graph::build_graph(test::supercell(crystal, 2, 1, 3));
  REQUIRE(large.rows() == graph.rows());
  for (std::size_t row = 0; row < graph.rows(); ++row) {
    CHECK(large.multiplicity[row] == 6);
    CHECK(largest_difference(edges_of(large, row), edges_of(graph, row)) < 1e-10);
  }
}

TEST_CASE("a subgraph is the graph of its rows") {
  RandomStream random(23);
  const auto crystal = test::random_crystal(random, 7, 4, 8);
  const std::vector<bool> keep = {true, false, true, true, false, false, true};
  const auto part = graph::subgraph(graph::build_graph(crystal), keep);

  std::vector<std::vector<test::Atom>> kept;
  for (std::size_t i = 0; i < keep.size(); ++i) {
    if (keep[i]) {
      kept.push_back({{3, crystal.sites[i].fractional}});
    }
  }
  const auto expected = graph::build_graph(test::make_crystal(crystal.lattice, kept));
  CHECK(part.orbit == std::vector{0, 2, 3, 6});
  CHECK(part.multiplicity == expected.multiplicity);
  CHECK(part.first_edge == expected.first_edge);
  CHECK(part.neighbour == expected.neighbour);
  CHECK(part.distance == expected.distance);
  CHECK(part.count == expected.count);
  CHECK(graph::subgraph(part, std::vector<bool>(4, false)).rows() == 0);
  CHECK_THROWS_AS(graph::subgraph(part, std::vector<bool>(3, true)), Error);
}

TEST_CASE("merged neighbours keep their number and their mean distance") {
  // Two neighbours that differ by less than the tolerance, one that does not.
  const auto crystal =
      test::make_crystal(Eigen::Matrix3d::Identity() * 20, {{{3, Eigen::Vector3d(0, 0, 0)}},
                                                            {{8, Eigen::Vector3d(0.1, 0, 0)},
                                                             {8, Eigen::Vector3d(0, 0.1 + 2e-7, 0)},
                                                             {8, Eigen::Vector3d(0, 0, 0.1 + 2e-6)}}});
  const auto graph = graph::build_graph(crystal, {.cutoff = 2.5});
  CHECK(graph.first_edge[1] == 2);
  CHECK(graph.count[0] == 2);
  CHECK(graph.distance[0] == Approx(2 + 2e-6).epsilon(1e-12));
  CHECK(graph.count[1] == 1);
  CHECK(graph.distance[1] == Approx(2 + 4e-5).epsilon(1e-12));
}
