// SPDX-License-Identifier: BSD-3-Clause
// Several representations of one crystal, and crystals with few neighbours.
#include "ionsift/base/error.hpp"
#include "ionsift/megnet/featurizer.hpp"

#include "crystals.hpp"
#include "random_parent.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

using namespace ionsift;
using crystal::Representation;
using megnet::Featurizer;
using megnet::FeaturizerOptions;
using megnet::IsolatedAtoms;

namespace {

const std::vector<Representation> all(crystal::all_representations.begin(),
                                      crystal::all_representations.end());

/// LiCl in rock salt, with oxidation states.
crystal::Crystal lithium_chloride() {
  auto crystal = test::rock_salt(3, 17, 5.15);
  crystal.orbits[0].species[0].oxidation = 1;
  crystal.orbits[1].species[0].oxidation = -1;
  return crystal;
}

crystal::Crystal lone_atom(int atomic_number, double edge) {
  return test::make_crystal(Eigen::Matrix3d::Identity() * edge,
                            {{{atomic_number, Eigen::Vector3d(0, 0, 0)}}});
}

bool mentions(const std::vector<std::string>& warnings, const std::string& code) {
  return std::any_of(warnings.begin(), warnings.end(),
                     [&](const std::string& text) { return text.starts_with(code + ": "); });
}

} // namespace

TEST_CASE("each representation equals that of a crystal built accordingly") {
  const auto parent = test::random_parent(60);
  Featurizer featurizer(parent, {.representations = all, .request = {{true, true, true, true}, true}});
  const auto features = featurizer.run(lithium_chloride());
  REQUIRE(features.representations.size() == 4);
  CHECK(features.warnings.empty());

  auto chlorine =
      test::make_crystal(Eigen::Matrix3d::Identity() * 5.15, {{{17, Eigen::Vector3d(0.5, 0.5, 0.5)},
                                                               {17, Eigen::Vector3d(0.5, 0, 0)},
                                                               {17, Eigen::Vector3d(0, 0.5, 0)},
                                                               {17, Eigen::Vector3d(0, 0, 0.5)}}});
  auto signs = test::rock_salt(3, 16, 5.15);
  auto sign = chlorine;
  sign.orbits[0].species[0].atomic_number = 16;
  const std::vector<crystal::Crystal> made = {lithium_chloride(), chlorine, signs, sign};
  Featurizer plain(parent,
                   {.representations = {Representation::CAMN}, .request = {{true, true, true, true}, true}});
  for (std::size_t i = 0; i < made.size(); ++i) {
    CAPTURE(name_of(all[i]));
    const auto& one = features.representations[i];
    const auto expected = plain.run(made[i]).representations[0];
    CHECK(one.multiplicity == expected.multiplicity);
    CHECK(one.edges == expected.edges);
    CHECK(one.neighbours_per_site == expected.neighbours_per_site);
    for (int level = 0; level < 4; ++level) {
      CHECK((one.levels[level] - expected.levels[level]).cwiseAbs().maxCoeff() < 1e-6);
    }
    CHECK(*one.prediction == Approx(*expected.prediction).margin(1e-6));
  }
  CHECK(features.representations[0].orbit == std::vector{0, 1});
  CHECK(features.representations[1].orbit == std::vector{1});
  CHECK(features.representations[0].cutoff == 5);
}

TEST_CASE("pure lithium has no rows without lithium") {
  Featurizer featurizer(test::random_parent(61),
                        {.representations = {Representation::CAN, Representation::CAMN}});
  const auto features = featurizer.run(lone_atom(3, 3.4));
  CHECK(features.representations[0].levels[1].rows() == 0);
  CHECK(features.representations[0].multiplicity.empty());
  CHECK(features.representations[1].levels[1].rows() == 1);
  CHECK(features.warnings.empty());
}

TEST_CASE("the cutoff and the centres grow until there is an edge") {
  const auto parent = test::random_parent(62);
  Featurizer featurizer(parent, {.representations = {Representation::CAMN, Representation::CAN}});
  auto crystal = test::make_crystal(Eigen::Matrix3d::Identity() * 7.3,
                                    {{{9, Eigen::Vector3d(0, 0, 0)}}, {{3, Eigen::Vector3d(0.5, 0, 0)}}});
  const auto features = featurizer.run(crystal);
  CHECK(features.representations[0].cutoff == 5);
  const auto& grown = features.representations[1];
  CHECK(grown.cutoff == 8);
  CHECK(grown.neighbours_per_site == 6);
  CHECK(mentions(features.warnings, "cutoff_raised"));
  CHECK(!mentions(features.warnings, "isolated_atoms"));

  const auto converter = parent.converter.with_cutoff(8);
  CHECK(converter.centres.back() == Approx(9.6));
  CHECK(converter.width == parent.converter.width);
  const auto part = lone_atom(9, 7.3);
  const auto expected = megnet::Network<double>(parent, converter)
                            .run(graph::build_graph(part, {.cutoff = 8}), {{part.orbits[0].species}}, {});
  CHECK((grown.levels[1].cast<double>() - expected.levels[1]).cwiseAbs().maxCoeff() < 1e-5);
}

TEST_CASE("after ten steps an atom stays isolated, and the policy applies") {
  const auto parent = test::random_parent(63);
  const auto crystal = lone_atom(9, 30);
  const auto run = [&](IsolatedAtoms policy) {
    Featurizer featurizer(parent, {.representations = {Representation::CAMN}, .isolated_atoms = policy});
    return featurizer.run(crystal);
  };
  const auto warned = run(IsolatedAtoms::warn);
  CHECK(warned.representations[0].cutoff == 15);
  CHECK(warned.representations[0].levels[1].allFinite());
  CHECK(mentions(warned.warnings, "isolated_atoms"));
  CHECK(!mentions(run(IsolatedAtoms::ignore).warnings, "isolated_atoms"));
  CHECK_THROWS_AS(run(IsolatedAtoms::error), Error);
}

TEST_CASE("isolated atoms among others do not raise the cutoff") {
  Featurizer featurizer(test::random_parent(64), {.representations = {Representation::CAMN}});
  const auto crystal =
      test::make_crystal(Eigen::Matrix3d::Identity() * 16, {{{3, Eigen::Vector3d(0, 0, 0)}},
                                                            {{9, Eigen::Vector3d(0.1, 0, 0)}},
                                                            {{17, Eigen::Vector3d(0.5, 0.5, 0.5)}}});
  const auto features = featurizer.run(crystal);
  CHECK(features.representations[0].cutoff == 5);
  REQUIRE(features.warnings.size() == 1);
  CHECK(features.warnings[0] == "isolated_atoms: 1 of 3 sites of CAMN have no neighbour within 5 A");
}

TEST_CASE("features that take too long are an error of code limit") {
  Featurizer featurizer(test::random_parent(66), {.max_seconds = 1e-9});
  try {
    featurizer.run(lithium_chloride());
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::limit);
  }
}

TEST_CASE("converter, readout steps and limits are options") {
  const auto parent = test::random_parent(65);
  const auto predict = [&](FeaturizerOptions options) {
    options.representations = {Representation::CAMN};
    options.request = {{false, false, false, false}, true};
    Featurizer featurizer(parent, options);
    return *featurizer.run(lithium_chloride()).representations[0].prediction;
  };
  const double own = predict({});
  CHECK(predict({.converter = parent.converter}) == own);
  CHECK(predict({.converter = parent.converter.with_cutoff(4)}) != own);
  CHECK(predict({.readout_steps = 5}) != own);
  CHECK_THROWS_AS(predict({.readout_steps = 0}), Error);
  CHECK_THROWS_AS(predict({.max_edges = 10}), Error);
  CHECK_THROWS_AS(Featurizer(parent, {.representations = {}}), Error);
}
