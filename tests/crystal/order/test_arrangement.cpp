// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/crystal/order/ewald.hpp"

#include "order/annealing.hpp"
#include "order/arrangement.hpp"
#include "order/enumeration.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

using namespace ionsift;
using namespace ionsift::crystal;

namespace {

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

/// A ring of sites that repel or attract by distance along it: its symmetry is that of a polygon.
ArrangementProblem ring(const std::vector<int>& counts, const std::vector<double>& charges) {
  ArrangementProblem problem;
  const int n = std::accumulate(counts.begin(), counts.end(), 0);
  problem.counts = {counts};
  problem.charges = {charges};
  problem.sublattice.assign(at(n), 0);
  problem.rivals.resize(at(n));
  problem.interactions.resize(n, n);
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) {
      problem.interactions(i, j) = i == j ? 0 : 1 / std::sin(M_PI * std::abs(i - j) / n);
    }
  }
  problem.field = Eigen::VectorXd::Zero(n);
  return problem;
}

SitePermutations polygon(int n) {
  std::set<std::vector<int>> all;
  for (int shift = 0; shift < n; ++shift) {
    for (const int sign : {1, -1}) {
      std::vector<int> permutation;
      for (int i = 0; i < n; ++i) {
        permutation.push_back(((sign * i + shift) % n + n) % n);
      }
      all.insert(permutation);
    }
  }
  return {all.begin(), all.end()};
}

/// Random charges in a random cell: two sublattices of seven and five sites, vacancies in the first, two
/// pairs of rivals.
ArrangementProblem random_problem(std::uint64_t key) {
  RandomStream random(7, key);
  ArrangementProblem problem;
  problem.counts = {{2, 3, 2}, {2, 3, 0}};
  problem.charges = {{4, 2, 0}, {-2, -1, 0}};
  problem.sublattice = {0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1};
  problem.rivals.resize(12);
  for (const auto& [a, b] : {std::pair(0, 1), std::pair(3, 6)}) {
    problem.rivals[at(a)].push_back(b);
    problem.rivals[at(b)].push_back(a);
  }
  std::vector<Eigen::Vector3d> positions;
  for (int i = 0; i < 12; ++i) {
    positions.emplace_back(random.uniform(), random.uniform(), random.uniform());
  }
  Eigen::Matrix3d lattice;
  lattice << 8, 0, 0, 1, 7, 0, -2, 1, 9;
  problem.interactions = interaction_matrix(lattice, positions);
  problem.field.resize(12);
  for (int i = 0; i < 12; ++i) {
    problem.field(i) = random.uniform(-5, 5);
  }
  problem.fixed_energy = -3;
  return problem;
}

long count_conflicts(const ArrangementProblem& problem, const Occupants& occupants) {
  long conflicts = 0;
  for (int i = 0; i < problem.sites(); ++i) {
    for (const int j : problem.rivals[at(i)]) {
      conflicts +=
          j < i && !problem.is_vacant(i, occupants[at(i)]) && !problem.is_vacant(j, occupants[at(j)]);
    }
  }
  return conflicts;
}

/// Every arrangement, by plain enumeration.
std::vector<Occupants> all_arrangements(const ArrangementProblem& problem) {
  std::vector<Occupants> all = {{}};
  for (const auto& counts : problem.counts) {
    Occupants part;
    for (std::size_t kind = 0; kind < counts.size(); ++kind) {
      part.insert(part.end(), at(counts[kind]), static_cast<int>(kind));
    }
    std::vector<Occupants> longer;
    do {
      for (auto one : all) {
        one.insert(one.end(), part.begin(), part.end());
        longer.push_back(std::move(one));
      }
    } while (std::ranges::next_permutation(part).found);
    all = std::move(longer);
  }
  std::erase_if(all, [&](const auto& one) { return count_conflicts(problem, one) > 0; });
  return all;
}

SitePermutations identity(int n) {
  std::vector<int> permutation(at(n));
  std::iota(permutation.begin(), permutation.end(), 0);
  return {permutation};
}

} // namespace

TEST_CASE("energies updated by exchanges equal recomputed ones") {
  for (std::uint64_t key = 0; key < 5; ++key) {
    const auto problem = random_problem(key);
    Arrangement arrangement(problem, all_arrangements(problem).front());
    RandomStream random(1, key);
    for (int step = 0; step < 500; ++step) {
      const int i = static_cast<int>(random.below(12));
      const int j = i < 7 ? static_cast<int>(random.below(7)) : 7 + static_cast<int>(random.below(5));
      const double before = arrangement.energy();
      const double change = arrangement.change(i, j);
      arrangement.exchange(i, j);
      CHECK(arrangement.energy() == Approx(before + change).margin(1e-9));
      CHECK(arrangement.energy() == Approx(arrangement.recomputed_energy()).margin(1e-7));
      CHECK(arrangement.conflicts() == count_conflicts(problem, arrangement.occupants()));
      const Arrangement anew(problem, arrangement.occupants());
      CHECK(anew.energy() == Approx(arrangement.energy()).margin(1e-7));
      for (int site = 0; site < problem.sites(); ++site) {
        CHECK(anew.occupied_rivals(site) == arrangement.occupied_rivals(site));
      }
    }
  }
}

TEST_CASE("enumeration agrees with a search of all arrangements") {
  for (std::uint64_t key = 0; key < 5; ++key) {
    const auto problem = random_problem(key);
    const auto all = all_arrangements(problem);
    double lowest = 1e9;
    for (const auto& one : all) {
      lowest = std::min(lowest, Arrangement(problem, one).energy());
    }
    const auto found = enumerate(problem, identity(12), {});
    REQUIRE(found);
    CHECK(found->arrangements == all.size());
    CHECK(found->distinct == all.size());
    CHECK(found->energy == Approx(lowest).margin(1e-9));
    CHECK(Arrangement(problem, found->best).energy() == Approx(lowest).margin(1e-9));
    CHECK(count_conflicts(problem, found->best) == 0);
    CHECK(problem.possible() == 210 * 10);
    CHECK(all.size() < 2100);
  }
}

TEST_CASE("symmetry reduces arrangements to necklaces and keeps the lowest energy") {
  // Bracelets of beads in two colours, three of one colour on eight and nine places; then three colours.
  const auto distinct = [](const std::vector<int>& counts, const std::vector<double>& charges) {
    const auto problem = ring(counts, charges);
    const auto found = enumerate(problem, polygon(problem.sites()), {}).value();
    CHECK(found.arrangements == static_cast<std::uint64_t>(problem.possible()));
    CHECK(found.energy == Approx(enumerate(problem, identity(problem.sites()), {})->energy).margin(1e-9));
    return found.distinct;
  };
  CHECK(distinct({3, 5, 0}, {1, -1, 0}) == 5);
  CHECK(distinct({3, 6, 0}, {1, -1, 0}) == 7);
  CHECK(distinct({4, 0, 4}, {1, -1, 0}) == 8);
  CHECK(distinct({2, 2, 2}, {1, -1, 0}) == 11);
}

TEST_CASE("beads that repel each other spread evenly") {
  const auto problem = ring({3, 6}, {1, 0});
  const auto found = enumerate(problem, polygon(9), {}).value();
  CHECK(found.ties == 1);
  for (int i = 0; i < 9; ++i) {
    CHECK(found.best[at(i)] == found.best[at((i + 3) % 9)]);
  }
}

TEST_CASE("of equal energies the seed chooses one, all arrangements with equal probability") {
  const auto problem = ring({4, 4, 0}, {1, 1, 0});
  std::map<std::vector<int>, int> chosen;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const auto found = enumerate(problem, polygon(8), {.seed = seed}).value();
    CHECK(found.ties == 8);
    ++chosen[found.best];
  }
  REQUIRE(chosen.size() == 8);
  // Of the 70 arrangements 4 are copies of AABBAABB, and 2 of ABABABAB.
  CHECK(chosen[{0, 1, 0, 1, 0, 1, 0, 1}] == Approx(2000 * 2 / 70.0).margin(30));
  CHECK(chosen[{0, 0, 1, 1, 0, 0, 1, 1}] == Approx(2000 * 4 / 70.0).margin(40));
  CHECK(enumerate(problem, polygon(8), {.seed = 5})->best ==
        enumerate(problem, polygon(8), {.seed = 5})->best);
}

TEST_CASE("too many arrangements are not enumerated, with rivals or without") {
  auto problem = ring({10, 10, 0}, {1, -1, 0});
  CHECK_FALSE(enumerate(problem, identity(20), {.max_arrangements = 1000}));
  for (int i = 0; i < 20; i += 2) {
    problem.rivals[at(i)].push_back(i + 1);
    problem.rivals[at(i + 1)].push_back(i);
  }
  problem.counts = {{10, 0, 10}};
  // One of each pair: 1024 ways out of 184756.
  CHECK_FALSE(enumerate(problem, identity(20), {.max_arrangements = 1000}));
  CHECK(enumerate(problem, identity(20), {.max_arrangements = 1024})->arrangements == 1024);
}

TEST_CASE("annealing finds the lowest energy wherever enumeration can check it") {
  for (std::uint64_t key = 0; key < 10; ++key) {
    const auto problem = random_problem(key);
    const auto all = enumerate(problem, identity(12), {}).value();
    const auto found = anneal(problem, {.key = key}).value();
    CHECK(found.energy == Approx(all.energy).margin(1e-7));
    CHECK(count_conflicts(problem, found.best) == 0);
    CHECK(found.tried == 20 * 1000 * 12);
  }
}

TEST_CASE("annealing handles split sites, and reports where it cannot") {
  // Eight pairs, one of each occupied: atoms move within their pair, or two of them at once.
  auto problem = ring({4, 4, 8}, {2, 1, 0});
  for (int i = 0; i < 16; i += 2) {
    problem.rivals[at(i)].push_back(i + 1);
    problem.rivals[at(i + 1)].push_back(i);
  }
  const auto found = anneal(problem, {}).value();
  CHECK(count_conflicts(problem, found.best) == 0);
  const auto all = enumerate(problem, identity(16), {}).value();
  CHECK(all.arrangements == 70 * 256);
  CHECK(found.energy == Approx(all.energy).margin(1e-7));
  problem.counts = {{5, 4, 7}};
  CHECK_FALSE(anneal(problem, {}));
  CHECK(enumerate(problem, identity(16), {})->distinct == 0);
}

TEST_CASE("the same seed gives the same arrangement") {
  const auto problem = ring({10, 10, 10}, {1, -1, 0});
  const auto first = anneal(problem, {.starts = 2, .steps = 20, .seed = 4, .key = 9}).value();
  const auto again = anneal(problem, {.starts = 2, .steps = 20, .seed = 4, .key = 9}).value();
  CHECK(first.best == again.best);
  const auto other = anneal(problem, {.starts = 2, .steps = 20, .seed = 5, .key = 9}).value();
  CHECK(first.best != other.best);
}
