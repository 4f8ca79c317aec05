// SPDX-License-Identifier: BSD-3-Clause
// The symmetry-weighted forward pass against a naive one over every site and every edge.
#include "ionsift/base/error.hpp"
#include "ionsift/megnet/network.hpp"

#include "crystals.hpp"
#include "naive_network.hpp"
#include "random_parent.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

using namespace ionsift;
using crystal::Representation;
using megnet::Network;
using megnet::Request;

namespace {

constexpr Request everything{.levels = {true, true, true, true}, .prediction = true};

template <typename Scalar>
megnet::Output<Scalar> evaluate(const megnet::Parent& parent, const crystal::Crystal& crystal,
                                double merge_tolerance = 1e-5, const Request& request = everything) {
  Network<Scalar> network(parent, parent.converter);
  const auto graph =
      graph::build_graph(crystal, {.cutoff = parent.converter.cutoff, .merge_tolerance = merge_tolerance});
  return network.run(graph, crystal::represent(crystal, Representation::CAMN), request);
}

test::NaiveNetwork::Result evaluate_naively(const megnet::Parent& parent, const crystal::Crystal& crystal) {
  const auto full = crystal::without_symmetry(crystal);
  return test::NaiveNetwork(parent).run(crystal, crystal::represent(full, Representation::CAMN));
}

/// A disordered crystal of two orbits in a cell with no right angle.
crystal::Crystal disordered() {
  RandomStream random(40);
  auto crystal = test::random_crystal(random, 5, 4, 6);
  crystal.orbits[0].species = {{3, 0.4, 1.0}, {11, 0.35, 1.0}};
  crystal.orbits[3].species = {{22, 0.5, 4.0}, {40, 0.5, 4.0}};
  return crystal;
}

/// Largest difference between rows and the sites that they represent.
template <typename Scalar>
double largest_difference(const crystal::Crystal& crystal, const megnet::Output<Scalar>& output,
                          const test::NaiveNetwork::Result& expected) {
  double largest = std::abs(*output.prediction - expected.prediction);
  for (int level = 0; level < 4; ++level) {
    REQUIRE(output.levels[level].rows() == static_cast<Eigen::Index>(crystal.orbits.size()));
    for (std::size_t site = 0; site < crystal.sites.size(); ++site) {
      const auto row = output.levels[level].row(crystal.sites[site].orbit).template cast<double>();
      largest = std::max(largest, (row - expected.levels[level].row(site)).cwiseAbs().maxCoeff());
    }
  }
  return largest;
}

} // namespace

TEST_CASE("rows of orbits equal the sites of a naive forward pass") {
  const auto parent = test::random_parent(41);
  for (const auto& crystal : {test::rock_salt(3, 9, 4.08), test::rock_salt(11, 17, 5.69), disordered()}) {
    const auto expected = evaluate_naively(parent, crystal);
    CHECK(largest_difference(crystal, evaluate<double>(parent, crystal), expected) < 1e-10);
    CHECK(largest_difference(crystal, evaluate<float>(parent, crystal), expected) < 1e-5);
    // A result that does not depend on the input would agree as well.
    CHECK((expected.levels[3].row(0) - expected.levels[3].bottomRows<1>()).cwiseAbs().maxCoeff() > 1e-3);
  }
}

TEST_CASE("supercells and the use of symmetry change nothing") {
  const auto parent = test::random_parent(42);
  const auto crystal = disordered();
  const auto expected = evaluate_naively(parent, crystal);
  const auto large = test::supercell(crystal, 1, 2, 2);
  const auto from_large = evaluate<double>(parent, large);
  CHECK(largest_difference(crystal, from_large, expected) < 1e-9);
  const auto full = crystal::without_symmetry(large);
  const auto from_full = evaluate<double>(parent, full);
  CHECK(*from_full.prediction == Approx(expected.prediction).margin(1e-9));
  for (std::size_t site = 0; site < full.sites.size(); ++site) {
    const auto row = expected.levels[3].row(large.sites[site].orbit);
    REQUIRE((from_full.levels[3].row(site) - row).cwiseAbs().maxCoeff() < 1e-9);
  }
}

TEST_CASE("merged edges change less than 1e-8") {
  const auto parent = test::random_parent(43);
  auto crystal = test::rock_salt(3, 8, 4.2);
  // Coordinates rounded as in files: the shells are no longer exact.
  RandomStream random(44);
  for (auto& site : crystal.sites) {
    site.fractional += 1e-6 * Eigen::Vector3d(random.uniform(), random.uniform(), random.uniform());
  }
  const auto merged = evaluate<double>(parent, crystal);
  const auto separate = evaluate<double>(parent, crystal, 0.0);
  for (int level = 0; level < 4; ++level) {
    CHECK((merged.levels[level] - separate.levels[level]).cwiseAbs().maxCoeff() < 1e-8);
  }
  CHECK(*merged.prediction == Approx(*separate.prediction).margin(1e-8));
}

TEST_CASE("only the requested levels are returned, and do not depend on the request") {
  const auto parent = test::random_parent(45);
  const auto crystal = disordered();
  const auto all = evaluate<float>(parent, crystal);
  for (int level = 0; level < 4; ++level) {
    Request request{.levels = {}, .prediction = false};
    request.levels[level] = true;
    const auto one = evaluate<float>(parent, crystal, 1e-5, request);
    CHECK(!one.prediction);
    for (int other = 0; other < 4; ++other) {
      CHECK(one.levels[other].size() == (other == level ? all.levels[level].size() : 0));
    }
    CHECK(one.levels[level] == all.levels[level]);
  }
  const auto scalar = evaluate<float>(parent, crystal, 1e-5, {.levels = {}, .prediction = true});
  CHECK(*scalar.prediction == *all.prediction);
}

TEST_CASE("one network evaluates crystals of different sizes in turn") {
  const auto parent = test::random_parent(46);
  Network<float> network(parent, parent.converter);
  RandomStream random(47);
  for (const int sites : {3, 40, 1, 12}) {
    const auto crystal = test::random_crystal(random, sites, 5, 9);
    const auto graph = graph::build_graph(crystal);
    const auto species = crystal::represent(crystal, Representation::CAMN);
    const auto output = network.run(graph, species, everything);
    CHECK(output.levels[3] ==
          Network<float>(parent, parent.converter).run(graph, species, everything).levels[3]);
    CHECK(largest_difference(crystal, output, evaluate_naively(parent, crystal)) < 2e-5);
  }
}

TEST_CASE("a site without neighbours has a zero mean") {
  const auto parent = test::random_parent(48);
  RandomStream random(49);
  auto crystal =
      test::make_crystal(Eigen::Matrix3d::Identity() * 16, {{{3, Eigen::Vector3d(0, 0, 0)}},
                                                            {{9, Eigen::Vector3d(0.1, 0, 0)}},
                                                            {{17, Eigen::Vector3d(0.5, 0.5, 0.5)}}});
  CHECK(largest_difference(crystal, evaluate<double>(parent, crystal), evaluate_naively(parent, crystal)) <
        1e-12);

  const auto alone = test::make_crystal(Eigen::Matrix3d::Identity() * 16, {{{3, Eigen::Vector3d(0, 0, 0)}}});
  const auto output = evaluate<float>(parent, alone);
  CHECK(output.levels[3].allFinite());
  CHECK(std::isfinite(*output.prediction));
}

TEST_CASE("a classifier's prediction is a probability") {
  auto parent = test::random_parent(50);
  const auto logit = *evaluate<double>(parent, disordered()).prediction;
  parent.sigmoid = true;
  CHECK(*evaluate<double>(parent, disordered()).prediction == Approx(1 / (1 + std::exp(-logit))));
}

TEST_CASE("a crystal without rows has no features and no prediction") {
  const auto output = evaluate<float>(test::random_parent(51), crystal::Crystal{});
  CHECK(output.levels[1].rows() == 0);
  CHECK(!output.prediction);
}

TEST_CASE("crystals that cannot be evaluated are errors") {
  const auto parent = test::random_parent(52);
  const auto code_of = [&](const crystal::Crystal& crystal) {
    try {
      evaluate<float>(parent, crystal);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  };
  CHECK(code_of(test::rock_salt(95, 8, 5)) == ErrorCode::data);
  CHECK(code_of(test::rock_salt(0, 8, 5)) == ErrorCode::data);
  CHECK_NOTHROW(evaluate<float>(parent, test::rock_salt(94, 8, 5)));
  auto crystal = test::rock_salt(3, 9, 4.08);
  crystal.orbits[0].species[0].occupancy = std::numeric_limits<double>::quiet_NaN();
  CHECK(code_of(crystal) == ErrorCode::numeric);

  Network<float> network(parent, parent.converter);
  const auto graph = graph::build_graph(test::rock_salt(3, 9, 4.08));
  CHECK_THROWS_AS(network.run(graph, {}, everything), Error);
}
