// SPDX-License-Identifier: BSD-3-Clause
// Cells that are large, flat or invalid.
#include "ionsift/base/error.hpp"
#include "ionsift/graph/graph.hpp"

#include "crystals.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace ionsift;

namespace {

ErrorCode code_of(const crystal::Crystal& crystal, const graph::GraphOptions& options) {
  try {
    graph::build_graph(crystal, options);
  } catch (const Error& error) {
    CHECK(!error.suggestion().empty());
    return error.code();
  }
  FAIL("no error");
  return ErrorCode::internal;
}

} // namespace

TEST_CASE("boxes of a large cell change nothing") {
  RandomStream random(30);
  const auto small = test::random_crystal(random, 30, 9, 11);
  const auto large = test::supercell(small, 4, 3, 2); // 720 sites, wider than four cutoffs along some axes
  const auto expected = graph::build_graph(small, {.cutoff = 4});
  const auto graph = graph::build_graph(large, {.cutoff = 4});
  CHECK(graph.first_edge == expected.first_edge);
  CHECK(graph.neighbour == expected.neighbour);
  CHECK(graph.count == expected.count);
  for (std::size_t edge = 0; edge < graph.edges(); ++edge) {
    REQUIRE(graph.distance[edge] == Approx(expected.distance[edge]).margin(1e-10));
  }
}

TEST_CASE("thousands of sites, each with its own row") {
  const auto crystal = crystal::without_symmetry(test::supercell(test::rock_salt(3, 9, 4.08), 8, 8, 8));
  REQUIRE(crystal.sites.size() == 4096);
  const auto graph = graph::build_graph(crystal);
  CHECK(graph::neighbours_per_site(graph) == Approx(80));
}

TEST_CASE("the search ends when the time limit is reached") {
  const auto crystal = test::rock_salt(3, 9, 4.08);
  CHECK(code_of(crystal, {.budget = TimeBudget(1e-9)}) == ErrorCode::limit);
  CHECK(graph::build_graph(crystal, {.budget = TimeBudget(1000)}).edges() ==
        graph::build_graph(crystal).edges());
}

TEST_CASE("a flat cell is searched, or refused when the search would take too long") {
  const auto slab = [](double height) {
    return test::make_crystal(Eigen::Vector3d(4, 4, height).asDiagonal().toDenseMatrix(),
                              {{{3, Eigen::Vector3d(0, 0, 0)}}});
  };
  const auto graph = graph::build_graph(slab(0.001));
  CHECK(graph.degree(0) > 10000);
  CHECK(code_of(slab(0.001), {.max_edges = 1000}) == ErrorCode::limit);
  CHECK(code_of(slab(1e-7), {}) == ErrorCode::limit);

  // Hardly any neighbours, but a hundred million rows of images that could hold one.
  const auto needle = test::make_crystal(Eigen::Vector3d(1e6, 1e-4, 1e-3).asDiagonal().toDenseMatrix(),
                                         {{{3, Eigen::Vector3d(0, 0, 0)}}});
  CHECK(code_of(needle, {}) == ErrorCode::limit);
}

TEST_CASE("the limit applies to neighbours before merging") {
  CHECK(code_of(test::rock_salt(3, 9, 4.08), {.max_edges = 159}) == ErrorCode::limit);
  CHECK_NOTHROW(graph::build_graph(test::rock_salt(3, 9, 4.08), {.max_edges = 160}));
}

TEST_CASE("invalid lattices, coordinates and cutoffs are errors") {
  auto crystal = test::rock_salt(3, 9, 4.08);
  CHECK(code_of(crystal, {.cutoff = 0}) == ErrorCode::usage);
  CHECK(code_of(crystal, {.cutoff = std::numeric_limits<double>::infinity()}) == ErrorCode::usage);
  crystal.sites[3].fractional[1] = std::numeric_limits<double>::quiet_NaN();
  CHECK(code_of(crystal, {}) == ErrorCode::data);
  crystal = test::rock_salt(3, 9, 4.08);
  crystal.lattice.row(2) = crystal.lattice.row(0) + crystal.lattice.row(1);
  CHECK(code_of(crystal, {}) == ErrorCode::data);
  crystal.lattice(0, 0) = std::numeric_limits<double>::quiet_NaN();
  CHECK(code_of(crystal, {}) == ErrorCode::data);
}

TEST_CASE("a crystal without sites has an empty graph") {
  const auto graph = graph::build_graph(crystal::Crystal{});
  CHECK(graph.rows() == 0);
  CHECK(graph.edges() == 0);
  CHECK(graph::neighbours_per_site(graph) == 0);
}
