// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/crystal/chemistry/element.hpp"
#include "ionsift/dataset/descriptors/atomistic.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <map>

using namespace ionsift;
using namespace ionsift::dataset;
using Catch::Matchers::Contains;
using crystal::Crystal;
using crystal::Species;

namespace {

struct Place {
  std::vector<Species> species;
  std::vector<Eigen::Vector3d> sites;
};

Species atoms(const char* symbol, double occupancy = 1) {
  return {*crystal::atomic_number_of(symbol), occupancy, 0.0};
}

Crystal make(const Eigen::Matrix3d& lattice, const std::vector<Place>& places) {
  Crystal crystal;
  crystal.id = "made";
  crystal.lattice = lattice;
  for (const auto& place : places) {
    crystal.orbits.push_back(
        {"", place.species, static_cast<int>(crystal.sites.size()), static_cast<int>(place.sites.size())});
    for (const auto& site : place.sites) {
      crystal.sites.push_back({site, static_cast<int>(crystal.orbits.size()) - 1});
    }
  }
  return crystal;
}

Eigen::Matrix3d cubic(double a) {
  return a * Eigen::Matrix3d::Identity();
}

std::vector<Eigen::Vector3d> face_centred(double x, double y, double z) {
  return {{x, y, z}, {x, y + 0.5, z + 0.5}, {x + 0.5, y, z + 0.5}, {x + 0.5, y + 0.5, z}};
}

double difference(const char* a, const char* b) {
  return std::abs(crystal::element(*crystal::atomic_number_of(a)).electronegativity -
                  crystal::element(*crystal::atomic_number_of(b)).electronegativity);
}

/// A simple cubic lattice of sites of which a share is Li, with a full anion in the centre of each cell.
Crystal dilute(double a, double share) {
  return make(cubic(a), {{{atoms("Li", share)}, {{0, 0, 0}}}, {{atoms("Cl")}, {{0.5, 0.5, 0.5}}}});
}

void check_near(const AtomisticFeatures& a, const AtomisticFeatures& b, double tolerance) {
  for (std::size_t i = 0; i < 5; ++i) {
    INFO(atomistic_names[i]);
    CHECK(a.values()[i] == Approx(b.values()[i]).epsilon(tolerance));
  }
}

} // namespace

TEST_CASE("rock salt worked by hand") {
  const double a = 5.13;
  const auto crystal =
      make(cubic(a), {{{atoms("Li")}, face_centred(0, 0, 0)}, {{atoms("Cl")}, face_centred(0.5, 0, 0)}});
  const auto features = expected_features(crystal);
  CHECK(features.li_li_distance == Approx(a / std::sqrt(2.0)));
  CHECK(features.li_anion_distance == Approx(a / 2));
  CHECK(features.li_li_neighbours == Approx(12));
  // 6 Li-Cl pairs from each Li and each Cl, 12 Cl-Cl pairs from each Cl.
  CHECK(features.ionicity == Approx(difference("Li", "Cl") / 2));
  CHECK(features.anion_coordination == Approx(12));
  check_near(sampled_features(crystal, {}, 0).mean, features, 1e-9);
}

TEST_CASE("antifluorite worked by hand") {
  const double a = 4.62;
  auto lithium = face_centred(0.25, 0.25, 0.25);
  const auto others = face_centred(0.75, 0.75, 0.75);
  lithium.insert(lithium.end(), others.begin(), others.end());
  const auto features =
      expected_features(make(cubic(a), {{{atoms("Li")}, lithium}, {{atoms("O")}, face_centred(0, 0, 0)}}));
  CHECK(features.li_li_distance == Approx(a / 2));
  CHECK(features.li_anion_distance == Approx(a * std::sqrt(3.0) / 4));
  CHECK(features.li_li_neighbours == Approx(6 + 12)); // 2.31 and 3.27 A
  // Per formula unit: Li-O 4 + 4 within 2.00 A, and 12 + 12 at 3.83 A; O-O 12 at 3.27 A; each end counted.
  CHECK(features.ionicity == Approx(difference("Li", "O") * (2 * 8 + 2 * 24) / (2 * 8 + 2 * 24 + 12)));
  CHECK(features.anion_coordination == Approx(12));
}

TEST_CASE("a site's own images are its neighbours in a small cell") {
  const double a = 3.8;
  const auto features = expected_features(dilute(a, 1));
  CHECK(features.li_li_distance == Approx(a));
  CHECK(features.li_li_neighbours == Approx(6));
  CHECK(features.li_anion_distance == Approx(a * std::sqrt(3.0) / 2));
  CHECK(features.anion_coordination == Approx(6)); // 3.8; the next are at 5.37
}

TEST_CASE("the nearest of partly occupied sites, shell by shell") {
  const double a = 3.8, share = 0.3;
  std::map<int, int> shells; // sites by squared distance
  for (int x = -20; x <= 20; ++x) {
    for (int y = -20; y <= 20; ++y) {
      for (int z = -20; z <= 20; ++z) {
        ++shells[x * x + y * y + z * z];
      }
    }
  }
  double expected = 0, empty = 1;
  for (const auto& [squared, sites] : shells) {
    if (squared > 0) {
      expected += empty * (1 - std::pow(1 - share, sites)) * a * std::sqrt(squared);
      empty *= std::pow(1 - share, sites);
    }
  }
  const auto features = expected_features(dilute(a, share));
  CHECK(features.li_li_distance == Approx(expected).epsilon(1e-6));
  CHECK(features.li_li_neighbours == Approx(6 * share));
  CHECK(features.li_anion_distance == Approx(a * std::sqrt(3.0) / 2));
  SamplingOptions sampling;
  sampling.min_edge = 27; // in a small cell the Li atoms are correlated
  check_near(sampled_features(dilute(a, share), sampling, 0).mean, features, 0.02);
}

TEST_CASE("parts of a split site are never occupied together") {
  // Pairs 0.8 A apart, half occupied, along x in cells of 6 A; one of each pair is present.
  const double a = 6;
  const auto crystal = make(cubic(a), {{{atoms("Li", 0.5)}, {{0, 0, 0}}},
                                       {{atoms("Li", 0.5)}, {{0.8 / a, 0, 0}}},
                                       {{atoms("O")}, {{0.5, 0.5, 0.5}}}});
  AtomisticOptions options;
  options.pair_cutoff = 6.05; // to the images of itself, and to 6 - 0.8 = 5.2 A
  const auto features = expected_features(crystal, options);
  // The next pair is at 5.2 or 6 A, each with probability 1/2; no other is nearer.
  CHECK(features.li_li_distance == Approx(0.5 * 5.2 + 0.5 * 6));
  CHECK(features.li_li_neighbours == Approx(0.5 + 0.5 * 6)); // 5.2, and six of 6 (four of 6.05 are beyond)
  const auto sampled = sampled_features(
      crystal,
      [] {
        SamplingOptions sampling;
        sampling.min_edge = 24;
        return sampling;
      }(),
      0, options);
  check_near(sampled.mean, features, 0.02);

  options.exclusion = 0;
  CHECK(expected_features(crystal, options).li_li_distance < 4);
}

TEST_CASE("Sampled features of mixed and vacant anions equal the expected ones") {
  const auto crystal = make(cubic(5.6), {{{atoms("Li", 0.8)}, face_centred(0, 0, 0)},
                                         {{atoms("Cl", 0.5), atoms("Br", 0.3)}, face_centred(0.5, 0, 0)}});
  SamplingOptions sampling;
  sampling.min_edge = 16;
  const auto sampled = sampled_features(crystal, sampling, 0);
  check_near(sampled.mean, expected_features(crystal), 0.02);
  CHECK(sampled.steps >= 5 * 100);
  CHECK(sampled_features(crystal, sampling, 0).mean.values() == sampled.mean.values());
  CHECK_FALSE(sampled_features(crystal, sampling, 1).mean.values() == sampled.mean.values());
}

TEST_CASE("the expectation does not depend on orbits or cell") {
  const auto primitive = make((Eigen::Matrix3d() << 0, 2.8, 2.8, 2.8, 0, 2.8, 2.8, 2.8, 0).finished(),
                              {{{atoms("Li", 0.8)}, {{0, 0, 0}}}, {{atoms("Cl", 0.9)}, {{0.5, 0.5, 0.5}}}});
  const auto conventional = make(cubic(5.6), {{{atoms("Li", 0.8)}, face_centred(0, 0, 0)},
                                              {{atoms("Cl", 0.9)}, face_centred(0.5, 0, 0)}});
  check_near(expected_features(primitive), expected_features(conventional), 1e-9);
  check_near(expected_features(crystal::without_symmetry(conventional)), expected_features(conventional),
             1e-9);
}

TEST_CASE("crystals without lithium, anions or pairs are refused") {
  CHECK_THROWS_WITH(expected_features(make(cubic(4), {{{atoms("Na")}, {{0, 0, 0}}}})),
                    Contains("no lithium"));
  CHECK_THROWS_WITH(expected_features(make(cubic(4), {{{atoms("Li")}, {{0, 0, 0}}}})),
                    Contains("nothing but lithium"));
  CHECK_THROWS_WITH(expected_features(dilute(20, 1)), Contains("no pair"));
  SamplingOptions sampling;
  sampling.max_steps = 50;
  CHECK_THROWS_WITH(sampled_features(dilute(4, 0.5), sampling, 0), Contains("did not settle"));
}

TEST_CASE("tables of features are read") {
  const auto path = test::scratch("features") / "features.csv";
  const auto read = [&](const std::string& text) {
    std::ofstream(path) << text;
    return FeatureTable::read(path);
  };
  const auto table = read("id,x,y\na,1,2\nb,-3,4e-2\n");
  CHECK(table.names == std::vector<std::string>{"x", "y"});
  CHECK(table.ids == std::vector<std::string>{"a", "b"});
  CHECK(table.values[1] == std::vector<double>{-3, 0.04});
  CHECK_THROWS_WITH(read("id,x\na,1\na,2\n"), Contains("twice"));
  CHECK_THROWS_WITH(read("id,x\na,one\n"), Contains("is not a number"));
}

TEST_CASE("coefficients are described in words") {
  for (const auto name : atomistic_names) {
    CHECK(in_words(name, true) != in_words(name, false));
    CHECK_THAT(in_words(name, true), !Contains("_"));
  }
  CHECK(in_words("x", false) == "small x");
}
