// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/crystal/match/matcher.hpp"

#include "hand_made.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace ionsift;
using namespace ionsift::crystal;
using namespace ionsift::test;

namespace {

constexpr int O = 8;
constexpr int Na = 11;
constexpr int Cl = 17;
constexpr int K = 19;
constexpr int Ti = 22;
constexpr int Fe = 26;
constexpr int Li = 3;
constexpr int Zr = 40;

/// No symmetry at all, so that any error in a change of cell shows.
Crystal lopsided() {
  Eigen::Matrix3d lattice;
  lattice << 5.1, 0, 0, 0.7, 6.3, 0, -1.1, 0.9, 7.4;
  return hand_made(lattice, {{{{Li, 1, 0}}, {0.02, 0.11, 0.23}},
                             {{{Zr, 1, 0}}, {0.43, 0.57, 0.71}},
                             {{{O, 1, 0}}, {0.81, 0.29, 0.12}},
                             {{{O, 1, 0}}, {0.22, 0.83, 0.55}},
                             {{{O, 1, 0}}, {0.66, 0.05, 0.87}}});
}

Crystal rutile() {
  const double u = 0.305;
  return hand_made(Eigen::Vector3d(4.594, 4.594, 2.959).asDiagonal(), {{{{Ti, 1, 0}}, {0, 0, 0}},
                                                                       {{{Ti, 1, 0}}, {.5, .5, .5}},
                                                                       {{{O, 1, 0}}, {u, u, 0}},
                                                                       {{{O, 1, 0}}, {1 - u, 1 - u, 0}},
                                                                       {{{O, 1, 0}}, {.5 + u, .5 - u, .5}},
                                                                       {{{O, 1, 0}}, {.5 - u, .5 + u, .5}}});
}

Crystal anatase() {
  const double z = 0.208;
  std::vector<HandMadeSite> sites;
  for (const Eigen::Vector3d& centring : {Eigen::Vector3d(0, 0, 0), Eigen::Vector3d(.5, .5, .5)}) {
    for (const Eigen::Vector3d& x : {Eigen::Vector3d(0, 0, 0), Eigen::Vector3d(0, .5, .25)}) {
      sites.push_back({{{Ti, 1, 0}}, x + centring});
      sites.push_back({{{O, 1, 0}}, x + centring + Eigen::Vector3d(0, 0, z)});
      sites.push_back({{{O, 1, 0}}, x + centring - Eigen::Vector3d(0, 0, z)});
    }
  }
  return hand_made(Eigen::Vector3d(3.785, 3.785, 9.514).asDiagonal(), sites);
}

Eigen::Matrix3i rows(int a, int b, int c, int d, int e, int f, int g, int h, int i) {
  Eigen::Matrix3i matrix;
  matrix << a, b, c, d, e, f, g, h, i;
  return matrix;
}

Crystal scaled(Crystal crystal, const Eigen::Vector3d& factors) {
  crystal.lattice = crystal.lattice * factors.asDiagonal();
  return crystal;
}

/// Crystals of one structure match exactly, whatever their cells.
void check_same(const Crystal& a, const Crystal& b) {
  MatcherOptions options;
  options.best = true;
  for (const auto& [first, second] : {std::pair(a, b), std::pair(b, a)}) {
    const auto found = match(first, second, options);
    REQUIRE(found);
    CHECK(found->rms < 1e-6);
    CHECK(found->max_distance < 1e-6);
    CHECK(match(first, second));
  }
}

void check_different(const Crystal& a, const Crystal& b, const MatcherOptions& options = {}) {
  CHECK_FALSE(match(a, b, options));
  CHECK_FALSE(match(b, a, options));
}

} // namespace

TEST_CASE("a crystal is the same in any cell, at any origin and in any order of its sites") {
  for (const auto& crystal : {rocksalt(Na, Cl), rutile(), anatase(), lopsided()}) {
    check_same(crystal, crystal);
    check_same(crystal, permuted(crystal, 3));
    check_same(crystal, shifted(crystal, {0.137, 0.731, 0.419}));
    check_same(crystal, in_cell(crystal, rows(2, 0, 0, 0, 1, 0, 0, 0, 1)));
    check_same(crystal, in_cell(crystal, rows(3, 0, 0, 0, 2, 0, 0, 0, 1)));
    check_same(crystal, in_cell(crystal, rows(1, 1, 0, -1, 1, 0, 0, 0, 1)));
    check_same(crystal,
               permuted(shifted(in_cell(crystal, rows(2, 1, 0, 0, 1, 1, 0, 0, 2)), {.2, .3, .4}), 5));
  }
}

TEST_CASE("another setting of a monoclinic group is the same crystal") {
  // P2_1/n from P2_1/c: a' = -a - c, b' = b, c' = a.
  check_same(lopsided(), in_cell(lopsided(), rows(-1, 0, -1, 0, 1, 0, 1, 0, 0)));
  check_same(lopsided(), in_cell(lopsided(), rows(1, 3, 0, 0, 1, -2, 0, 0, 1)));
}

TEST_CASE("mirror images match") {
  auto mirrored = lopsided();
  for (auto& site : mirrored.sites) {
    site.fractional = into_cell(-site.fractional);
  }
  check_same(lopsided(), mirrored);
}

TEST_CASE("cells are divided into primitive ones") {
  CHECK(matching_cell(rocksalt(Na, Cl)).size() == 2);
  CHECK(matching_cell(rutile()).size() == 6);
  CHECK(matching_cell(anatase()).size() == 6);
  CHECK(matching_cell(in_cell(rutile(), rows(7, 0, 0, 0, 3, 0, 0, 0, 2))).size() == 6);
  const auto caesium_chloride = hand_made(4.12 * Eigen::Matrix3d::Identity(),
                                          {{{{55, 1, 0}}, {0, 0, 0}}, {{{Cl, 1, 0}}, {.5, .5, .5}}});
  CHECK(matching_cell(caesium_chloride).size() == 2);
  const auto lithium = hand_made(3.51 * Eigen::Matrix3d::Identity(),
                                 {{{{Li, 1, 0}}, {0, 0, 0}}, {{{Li, 1, 0}}, {.5, .5, .5}}});
  const auto cell = matching_cell(lithium);
  CHECK(cell.size() == 1);
  CHECK(cell.volume() == Approx(std::pow(3.51, 3) / 2));
  CHECK(cell.lattice.row(2).norm() == Approx(3.51 * std::sqrt(3.0) / 2));

  MatcherOptions as_given;
  as_given.primitive = false;
  CHECK(matching_cell(rocksalt(Na, Cl), as_given).size() == 8);
}

TEST_CASE("the primitive cell and the structure are found despite noise on positions") {
  const auto clean = rutile();
  auto noisy = in_cell(clean, rows(2, 0, 0, 0, 2, 0, 0, 0, 2));
  RandomStream random(7);
  for (auto& site : noisy.sites) {
    for (double& x : site.fractional) {
      x += random.uniform(-0.005, 0.005); // up to 0.05 A in a cell of 9.2 A
    }
    site.fractional = into_cell(site.fractional);
  }
  CHECK(matching_cell(noisy).size() == 6);
  const auto found = match(clean, noisy);
  REQUIRE(found);
  CHECK(found->rms > 1e-4);
  CHECK(found->rms < 0.02);

  // A deviation larger than the primitive tolerance is a superstructure.
  auto distorted = in_cell(clean, rows(2, 0, 0, 0, 1, 0, 0, 0, 1));
  distorted.sites.front().fractional.x() += 0.05; // 0.46 A
  CHECK(matching_cell(distorted).size() == 12);
}

TEST_CASE("volumes are scaled and strained cells match up to the length tolerance") {
  check_same(rutile(), scaled(rutile(), {1.2, 1.2, 1.2}));
  check_same(rutile(), scaled(rutile(), {1.05, 1.05, 1.05}));
  check_same(rutile(), scaled(rutile(), {1, 1, 1.05}));
  check_same(lopsided(), scaled(lopsided(), {1.05, 0.97, 1}));
  check_different(rutile(), scaled(rutile(), {1, 1, 1.5}));

  MatcherOptions as_given;
  as_given.scale_volumes = false;
  CHECK(match(rutile(), scaled(rutile(), {1.05, 1.05, 1.05}), as_given));
  check_different(rutile(), scaled(rutile(), {1.4, 1.4, 1.4}), as_given);
}

TEST_CASE("other elements, other structures and other amounts do not match") {
  check_different(rocksalt(Na, Cl), rocksalt(K, Cl));
  check_different(rutile(), anatase());
  auto zinc_blende = rocksalt(Na, Cl);
  for (std::size_t i = 1; i < zinc_blende.sites.size(); i += 2) {
    zinc_blende.sites[i].fractional =
        into_cell(zinc_blende.sites[i].fractional - Eigen::Vector3d(.25, .25, .25));
  }
  check_different(rocksalt(Na, Cl), zinc_blende);
  auto vacant = rutile();
  vacant.sites.pop_back();
  check_different(rutile(), vacant);
}

TEST_CASE("the displacement is measured without the common translation, in units of (V/N)^(1/3)") {
  auto moved = lopsided();
  const Eigen::Vector3d step(0.4, -0.2, 0.3); // angstrom
  moved.sites[2].fractional += moved.lattice.transpose().inverse() * step;
  MatcherOptions options;
  options.best = true;
  const auto found = match(lopsided(), moved, options);
  REQUIRE(found);
  const double n = 5;
  const double unit = std::cbrt(moved.volume() / n);
  CHECK(found->rms == Approx(step.norm() * std::sqrt(n - 1) / n / unit));
  CHECK(found->max_distance == Approx(step.norm() * (1 - 1 / n) / unit));

  // The site tolerance is a bound on the largest displacement.
  options.site_tolerance = found->max_distance * 1.001;
  CHECK(match(lopsided(), moved, options));
  options.site_tolerance = found->max_distance * 0.999;
  CHECK_FALSE(match(lopsided(), moved, options));
}

TEST_CASE("species of a site are compared with their occupancies") {
  const auto garnet_like = [](double lithium, double sodium) {
    return hand_made(4.0 * Eigen::Matrix3d::Identity(),
                     {{{{Li, lithium, 0}, {Na, sodium, 0}}, {0, 0, 0}}, {{{Cl, 1, 0}}, {.5, .5, .5}}});
  };
  check_same(garnet_like(0.5, 0.3), garnet_like(0.5, 0.3));
  CHECK(match(garnet_like(0.140, 0.3), garnet_like(0.139, 0.3)));
  check_different(garnet_like(0.142, 0.3), garnet_like(0.139, 0.3));
  check_different(garnet_like(0.5, 0.3), garnet_like(0.3, 0.5));
  MatcherOptions generous;
  generous.occupancy_tolerance = 0.05;
  CHECK(match(garnet_like(0.5, 0.3), garnet_like(0.47, 0.33), generous));
}

TEST_CASE("sites that differ only in occupancy are not reduced to a smaller cell") {
  const auto layered = hand_made(Eigen::Vector3d(4, 4, 8).asDiagonal(),
                                 {{{{Li, 1, 0}}, {0, 0, 0}}, {{{Li, 0.5, 0}}, {0, 0, .5}}});
  CHECK(matching_cell(layered).size() == 2);
}

TEST_CASE("oxidation states are compared only on request and where given on both sides") {
  const auto wustite = [](double charge, OxidationSource source) {
    auto crystal = rocksalt(Fe, O, 4.33);
    for (auto& orbit : crystal.orbits) {
      orbit.species.front().oxidation = orbit.species.front().atomic_number == Fe ? charge : -charge;
    }
    crystal.oxidation_source = source;
    return crystal;
  };
  const auto divalent = wustite(2, OxidationSource::given);
  const auto trivalent = wustite(3, OxidationSource::given);
  check_same(divalent, trivalent);
  MatcherOptions strict;
  strict.compare_oxidation = true;
  check_different(divalent, trivalent, strict);
  CHECK(match(divalent, divalent, strict));
  CHECK(match(divalent, wustite(0, OxidationSource::neutral), strict));
  CHECK(match(divalent, wustite(3, OxidationSource::guessed), strict));

  // Mixed valence on one site is one element with the sum of the occupancies.
  auto mixed = rocksalt(Fe, O, 4.33);
  for (auto& orbit : mixed.orbits) {
    if (orbit.species.front().atomic_number == Fe) {
      orbit.species = {{Fe, 0.5, 2}, {Fe, 0.5, 3}};
    }
  }
  check_same(mixed, divalent);
}

TEST_CASE("crystals that cannot be compared are refused by name") {
  auto empty = rutile();
  empty.sites.clear();
  empty.id = "nothing";
  CHECK_THROWS_WITH(matching_cell(empty), Catch::Contains("nothing has no sites"));
  auto flat = rutile();
  flat.lattice.row(2).setZero();
  CHECK_THROWS_AS(matching_cell(flat), Error);
}
