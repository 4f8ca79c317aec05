// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/crystal/chemistry/element.hpp"
#include "ionsift/dataset/pairs/element_mover.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace ionsift;
using namespace ionsift::dataset;
using Catch::Matchers::Contains;
using crystal::Composition;

namespace {

double distance(const char* a, const char* b) {
  return element_mover_distance(on_pettifor_scale(Composition::parse(a)),
                                on_pettifor_scale(Composition::parse(b)));
}

int place(const char* symbol) {
  return crystal::element(*crystal::atomic_number_of(symbol)).modified_pettifor;
}

/// Places of this many atoms on the scale, in random order.
std::vector<int> random_atoms(RandomStream& random, std::size_t count) {
  std::vector<int> atoms;
  while (atoms.size() < count) {
    const auto& element = crystal::element(1 + static_cast<int>(random.below(crystal::max_atomic_number)));
    if (element.modified_pettifor > 0) {
      atoms.push_back(element.atomic_number);
    }
  }
  return atoms;
}

Composition of(const std::vector<int>& atoms) {
  Composition composition;
  for (const int atom : atoms) {
    composition.add(atom, 1);
  }
  return composition;
}

/// The definition: the cheapest assignment of the atoms of one to the atoms of the other.
double cheapest_assignment(const std::vector<int>& a, std::vector<int> b) {
  std::ranges::sort(b);
  double least = std::numeric_limits<double>::infinity();
  do {
    double work = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      work += std::abs(crystal::element(a[i]).modified_pettifor - crystal::element(b[i]).modified_pettifor);
    }
    least = std::min(least, work / static_cast<double>(a.size()));
  } while (std::ranges::next_permutation(b).found);
  return least;
}

std::vector<std::vector<ScaleShare>> random_compositions(std::size_t count) {
  RandomStream random(5);
  std::vector<std::vector<ScaleShare>> compositions;
  for (std::size_t i = 0; i < count; ++i) {
    compositions.push_back(on_pettifor_scale(of(random_atoms(random, 1 + random.below(6)))));
  }
  return compositions;
}

} // namespace

TEST_CASE("worked by hand") {
  CHECK(distance("Li2O", "Li4O2") == 0);
  CHECK(distance("Li", "Na") == Approx(std::abs(place("Li") - place("Na"))));
  CHECK(distance("LiCl", "LiBr") == Approx(0.5 * std::abs(place("Cl") - place("Br"))));
  CHECK(distance("Li3P", "LiP") == Approx(0.25 * std::abs(place("Li") - place("P"))));
}

TEST_CASE("the area between cumulative distributions is the cheapest transport") {
  RandomStream random(1);
  for (int trial = 0; trial < 50; ++trial) {
    const auto a = random_atoms(random, 6), b = random_atoms(random, 6);
    const auto scaled_a = on_pettifor_scale(of(a)), scaled_b = on_pettifor_scale(of(b));
    const double found = element_mover_distance(scaled_a, scaled_b);
    CHECK(found == Approx(cheapest_assignment(a, b)).margin(1e-12));
    CHECK(element_mover_distance(scaled_b, scaled_a) == Approx(found));
  }
}

TEST_CASE("elements without a place on the scale are refused") {
  CHECK_THROWS_WITH(on_pettifor_scale(Composition()), Contains("empty"));
  CHECK_THROWS_WITH(on_pettifor_scale(Composition::parse("LiHe")), Contains("He has no place"));
  CHECK_THROWS_WITH(PairDistances(3, {1, 2}), Contains("3 items"));
}

TEST_CASE("distances are the same on any number of ranks") {
  for (const std::size_t n : {0, 1, 2, 3, 40}) {
    const auto compositions = random_compositions(n);
    const auto all = element_mover_distances(test::world(), compositions);
    if (!test::world().is_root()) {
      CHECK(all.size() == 0);
      continue;
    }
    REQUIRE(all.size() == n);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        const double expected =
            i == j ? 0 : element_mover_distance(compositions[std::min(i, j)], compositions[std::max(i, j)]);
        REQUIRE(all(i, j) == expected);
      }
    }
  }
}
