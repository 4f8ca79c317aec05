// SPDX-License-Identifier: BSD-3-Clause
// Features do not depend on the description of a crystal: with or without symmetry, as a larger cell with
// another origin and another order of sites.
#include "ionsift/crystal/match/matcher.hpp"
#include "ionsift/crystal/read/read.hpp"
#include "ionsift/megnet/featurizer.hpp"

#include "random_parent.hpp"
#include "settings.hpp"

#include <catch2/catch.hpp>

#include <numeric>

using namespace ionsift;
using namespace ionsift::crystal;
using namespace ionsift::test;

namespace {

constexpr double tolerance = 2e-4;
constexpr int every = 4; // crystal.settings tests all settings

Crystal read_one(const std::string& text, bool use_symmetry = true) {
  ReadOptions options;
  options.use_symmetry = use_symmetry;
  auto results = read_entry(text, {"test.cif", "test"}, options);
  REQUIRE(results.size() == 1);
  if (const auto* failure = std::get_if<Failure>(&results.front())) {
    FAIL(failure->message);
  }
  return std::get<Crystal>(std::move(results.front()));
}

megnet::Featurizer make_featurizer() {
  megnet::FeaturizerOptions options;
  options.representations = {Representation::CAMN, Representation::CAN};
  options.request.levels = {true, true, true, true};
  options.isolated_atoms = megnet::IsolatedAtoms::ignore;
  return {random_parent(7), options};
}

/// The cell twice along a, in P1, with another origin and the sites in another order.
std::string as_supercell(const Crystal& crystal, const std::array<double, 6>& cell, RandomStream& random) {
  std::string text = "data_super\n";
  static constexpr std::array tags = {"_cell_length_a",    "_cell_length_b",   "_cell_length_c",
                                      "_cell_angle_alpha", "_cell_angle_beta", "_cell_angle_gamma"};
  for (std::size_t i = 0; i < tags.size(); ++i) {
    text += fmt::format("{} {:.12f}\n", tags[i], cell[i] * (i == 0 ? 2 : 1));
  }
  text +=
      "_space_group_name_H-M_alt 'P 1'\nloop_\n_symmetry_equiv_pos_as_xyz\n'x,y,z'\nloop_\n_atom_site_label\n"
      "_atom_site_type_symbol\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n";
  std::vector<std::string> rows;
  const Eigen::Vector3d shift(random.uniform(0, 1), random.uniform(0, 1), random.uniform(0, 1));
  for (const Site& site : crystal.sites) {
    const auto& orbit = crystal.orbits[static_cast<std::size_t>(site.orbit)];
    for (int copy = 0; copy < 2; ++copy) {
      const Eigen::Vector3d x =
          (site.fractional + shift + Eigen::Vector3d(copy, 0, 0)).array() / Eigen::Vector3d(2, 1, 1).array();
      rows.push_back(fmt::format("{} {} {:.12f} {:.12f} {:.12f}\n", orbit.label,
                                 orbit.label.substr(0, orbit.label.find_first_of("0123456789")), x[0], x[1],
                                 x[2]));
    }
  }
  for (std::size_t i = rows.size(); i > 1; --i) {
    std::swap(rows[i - 1], rows[std::min(i - 1, static_cast<std::size_t>(random.uniform(0, double(i))))]);
  }
  return std::accumulate(rows.begin(), rows.end(), text);
}

/// The largest difference between rows of one set of features and their nearest rows in another, over all
/// levels, and between the means of each level.
double difference(const megnet::RepresentationFeatures& a, const megnet::RepresentationFeatures& b) {
  const double sites_a = std::accumulate(a.multiplicity.begin(), a.multiplicity.end(), 0.0);
  const double sites_b = std::accumulate(b.multiplicity.begin(), b.multiplicity.end(), 0.0);
  double largest = 0;
  for (std::size_t i = 0; i < a.multiplicity.size(); ++i) {
    double nearest = 1e9;
    for (std::size_t j = 0; j < b.multiplicity.size(); ++j) {
      double d = 0;
      for (std::size_t level = 0; level < 4; ++level) {
        d = std::max(d, double((a.levels[level].row(static_cast<Eigen::Index>(i)) -
                                b.levels[level].row(static_cast<Eigen::Index>(j)))
                                   .cwiseAbs()
                                   .maxCoeff()));
      }
      nearest = std::min(nearest, d);
    }
    if (b.multiplicity.empty()) {
      return 1e9;
    }
    largest = std::max(largest, nearest);
  }
  // Rows of b within the tolerance of each other may share the sites of a row of a: compare means, too.
  for (std::size_t level = 0; level < 4 && !a.multiplicity.empty(); ++level) {
    Eigen::VectorXd mean_a = Eigen::VectorXd::Zero(a.levels[level].cols());
    Eigen::VectorXd mean_b = mean_a;
    for (std::size_t i = 0; i < a.multiplicity.size(); ++i) {
      mean_a += a.levels[level].row(static_cast<Eigen::Index>(i)).cast<double>().transpose() *
                a.multiplicity[i] / sites_a;
    }
    for (std::size_t j = 0; j < b.multiplicity.size(); ++j) {
      mean_b += b.levels[level].row(static_cast<Eigen::Index>(j)).cast<double>().transpose() *
                b.multiplicity[j] / sites_b;
    }
    largest = std::max(largest, (mean_a - mean_b).cwiseAbs().maxCoeff());
  }
  return largest;
}

} // namespace

TEST_CASE("Features with and without symmetry and of supercells are equal") {
  auto featurizer = make_featurizer();
  RandomStream random(42);
  std::size_t number = 0;
  for (const gemmi::SpaceGroup& group : gemmi::spacegroup_tables::main) {
    const MadeUpCrystal made_up = make_up(group, random, 8.5, 1.0);
    if (number++ % every != 0 || made_up.atoms.empty() || made_up.sites() > 300) {
      continue;
    }
    CAPTURE(made_up.name);
    const Crystal symmetric = read_one(made_up.text_with_operators());
    const Crystal plain = read_one(made_up.text_with_operators(), false);
    REQUIRE(plain.orbits.size() == plain.sites.size());
    const auto features = featurizer.run(symmetric);
    const auto all = featurizer.run(plain);
    const Crystal larger = read_one(as_supercell(symmetric, made_up.cell, random));
    CHECK(larger.sites.size() == 2 * symmetric.sites.size());
    CHECK(larger.orbit_source == OrbitSource::environments);
    // There are no more classes of environments than orbits of the group, up to rounding of coordinates.
    CHECK(larger.orbits.size() <= symmetric.orbits.size());
    const auto of_larger = featurizer.run(larger);
    for (std::size_t r = 0; r < features.representations.size(); ++r) {
      CHECK(difference(all.representations[r], features.representations[r]) < tolerance);
      CHECK(difference(of_larger.representations[r], features.representations[r]) < tolerance);
    }
    CHECK(match(symmetric, larger, {}).has_value());
  }
}
