// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/random.hpp"
#include "ionsift/crystal/cell/lattice_reduction.hpp"

#include "cell/lattice_mapping.hpp"
#include "match/assignment.hpp"

#include <catch2/catch.hpp>

#include <Eigen/LU>
#include <algorithm>
#include <numeric>

using namespace ionsift;
using namespace ionsift::crystal;

namespace {

Eigen::MatrixXd random_costs(RandomStream& random, int n) {
  Eigen::MatrixXd costs(n, n);
  for (double& cost : costs.reshaped()) {
    cost = random.uniform();
  }
  return costs;
}

double sum_of(const Eigen::MatrixXd& costs, const std::vector<int>& columns) {
  double sum = 0;
  for (std::size_t row = 0; row < columns.size(); ++row) {
    sum += costs(static_cast<Eigen::Index>(row), columns[row]);
  }
  return sum;
}

double smallest_sum(const Eigen::MatrixXd& costs) {
  std::vector<int> columns(static_cast<std::size_t>(costs.rows()));
  std::iota(columns.begin(), columns.end(), 0);
  double smallest = forbidden;
  do {
    smallest = std::min(smallest, sum_of(costs, columns));
  } while (std::ranges::next_permutation(columns).found);
  return smallest;
}

/// A random basis of the same lattice.
Eigen::Matrix3d skewed(Eigen::Matrix3d lattice, std::uint64_t seed) {
  RandomStream random(seed);
  for (int step = 0; step < 12; ++step) {
    const auto i = static_cast<Eigen::Index>(random.below(3));
    const auto j = static_cast<Eigen::Index>((static_cast<std::uint64_t>(i) + 1 + random.below(2)) % 3);
    lattice.row(i) += (random.below(2) == 0 ? 1.0 : -1.0) * lattice.row(j);
  }
  return lattice;
}

} // namespace

TEST_CASE("the cheapest assignment is found") {
  RandomStream random(1);
  for (int n = 1; n <= 7; ++n) {
    for (int draw = 0; draw < 20; ++draw) {
      const auto costs = random_costs(random, n);
      const auto columns = cheapest_assignment(costs);
      REQUIRE(columns);
      CHECK(sum_of(costs, *columns) == Approx(smallest_sum(costs)));
    }
  }
}

TEST_CASE("forbidden pairs are never assigned") {
  Eigen::MatrixXd costs = Eigen::MatrixXd::Constant(3, 3, forbidden);
  costs(0, 1) = costs(1, 0) = costs(1, 1) = costs(2, 2) = 1.0;
  const auto columns = cheapest_assignment(costs);
  REQUIRE(columns);
  CHECK(*columns == std::vector{1, 0, 2});
  costs(1, 0) = forbidden;
  CHECK_FALSE(cheapest_assignment(costs));
}

TEST_CASE("a reduced basis has the shortest vectors of the lattice") {
  Eigen::Matrix3d reduced;
  reduced << 3.1, 0.2, -0.4, 0.9, 4.3, 0.6, -0.5, 0.8, 5.7;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Eigen::Matrix3d found = minkowski_reduced(skewed(reduced, seed));
    CHECK(std::abs(found.determinant()) == Approx(reduced.determinant()));
    CHECK((cell_parameters(found).lengths - cell_parameters(reduced).lengths).cwiseAbs().maxCoeff() < 1e-9);
  }
  // Body-centred: the three shortest are half the body diagonals.
  Eigen::Matrix3d body_centred;
  body_centred << 4, 0, 0, 0, 4, 0, 2, 2, 2;
  CHECK(cell_parameters(minkowski_reduced(body_centred)).lengths.maxCoeff() == Approx(2 * std::sqrt(3.0)));
}

TEST_CASE("cell parameters and lattice are inverse to each other") {
  const CellParameters parameters{{4, 5, 6}, {80, 95, 105}};
  const auto again = cell_parameters(lattice_of(parameters));
  CHECK((again.lengths - parameters.lengths).norm() < 1e-12);
  CHECK((again.angles - parameters.angles).norm() < 1e-9);
}

TEST_CASE("the bases that match a cell are those of its symmetry, the closest match first") {
  const Eigen::Matrix3d cube = 4 * Eigen::Matrix3d::Identity();
  CHECK(lattice_mappings(cube, cube, 0.2, 5).size() == 48);
  const Eigen::Matrix3d brick = Eigen::Vector3d(3, 4.5, 7).asDiagonal();
  CHECK(lattice_mappings(brick, brick, 0.2, 5).size() == 8);
  CHECK(lattice_mappings(cube, brick, 0.2, 5).empty());

  // Edges of 4, 4.1, 4.2 may be exchanged within 20 %, but unexchanged they fit best.
  const Eigen::Matrix3d nearly = Eigen::Vector3d(4, 4.1, 4.2).asDiagonal();
  const auto mappings = lattice_mappings(nearly, nearly, 0.2, 5);
  REQUIRE(mappings.size() == 48);
  CHECK(mappings.front().multiples.cwiseAbs() == Eigen::Matrix3i::Identity());
  CHECK(mappings.front().deviation == Approx(0).margin(1e-9));
}
