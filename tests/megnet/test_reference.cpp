// SPDX-License-Identifier: BSD-3-Clause
// Sixty crystals against features from an independent double-precision implementation.
#include "ionsift/base/hdf5.hpp"
#include "ionsift/megnet/featurizer.hpp"

#include "structures.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <map>

using namespace ionsift;
using crystal::Representation;
using megnet::Featurizer;
using megnet::Parent;

namespace {

constexpr double feature_tolerance = 1e-4;
constexpr double prediction_tolerance = 1e-3;

Matrix<double> read_matrix(const h5::File& file, const std::string& path) {
  const auto dataset = file.dataset(path);
  const auto values = dataset.read<double>();
  const auto shape = dataset.shape();
  const auto rows = static_cast<Eigen::Index>(shape.size() == 2 ? shape[0] : 1);
  return Eigen::Map<const Matrix<double>>(values.data(), rows,
                                          static_cast<Eigen::Index>(values.size()) / rows);
}

/// V0..V3 side by side.
Matrix<double> reference_rows(const h5::File& file, const std::string& group) {
  const auto v0 = read_matrix(file, group + "/V0");
  Matrix<double> rows(v0.rows(), 16 + 3 * 32);
  rows << v0, read_matrix(file, group + "/V1"), read_matrix(file, group + "/V2"),
      read_matrix(file, group + "/V3");
  return rows;
}

Matrix<double> our_rows(const megnet::RepresentationFeatures& features) {
  Matrix<float> rows(features.levels[0].rows(), 16 + 3 * 32);
  rows << features.levels[0], features.levels[1], features.levels[2], features.levels[3];
  return rows.cast<double>();
}

/// Fraction of the sites that each row represents.
Eigen::VectorXd fractions(const std::vector<int>& multiplicity) {
  const Eigen::VectorXd counts =
      Eigen::Map<const Eigen::VectorXi>(multiplicity.data(), multiplicity.size()).cast<double>();
  return counts / counts.sum();
}

/// Compares rows by nearest neighbours and by the fraction of sites at each reference row.
void compare_rows(const h5::File& file, const std::string& group,
                  const megnet::RepresentationFeatures& features) {
  const auto expected = reference_rows(file, group);
  const auto weight = read_matrix(file, group + "/weight");
  const auto rows = our_rows(features);
  const auto share = fractions(features.multiplicity);
  Eigen::VectorXd found = Eigen::VectorXd::Zero(expected.rows());
  double largest = 0;
  for (Eigen::Index row = 0; row < rows.rows(); ++row) {
    Eigen::Index nearest = 0;
    largest = std::max(
        largest, (expected.rowwise() - rows.row(row)).cwiseAbs().rowwise().maxCoeff().minCoeff(&nearest));
    found[nearest] += share[row];
  }
  CHECK(largest < feature_tolerance);
  CHECK((found.transpose() - weight.row(0)).cwiseAbs().maxCoeff() < 1e-9);

  Matrix<double> mean(1, expected.cols());
  mean << read_matrix(file, group + "/V0_mean"), read_matrix(file, group + "/V1_mean"),
      read_matrix(file, group + "/V2_mean"), read_matrix(file, group + "/V3_mean");
  CHECK((share.transpose() * rows - mean.row(0)).cwiseAbs().maxCoeff() < feature_tolerance);
}

std::vector<std::string> reference_ids() {
  std::vector<std::string> ids;
  for (const auto& path : test::files_of("reference/cifs")) {
    ids.push_back(path.stem().string());
  }
  return ids;
}

crystal::Crystal reference_crystal(const std::string& id) {
  return test::read_crystal(test::data() / "reference/cifs" / (id + ".cif"));
}

} // namespace

TEST_CASE("features of four representations", "[data]") {
  const auto file = h5::File::open(test::data() / "reference/features.h5");
  const std::vector<Representation> all(crystal::all_representations.begin(),
                                        crystal::all_representations.end());
  Featurizer featurizer(Parent::load(test::data() / "models/formation_energy-mp-2019.4.1.hdf5"),
                        {.representations = all, .request = {{true, true, true, true}, true}});
  const auto ids = reference_ids();
  CHECK(ids.size() == 60);
  for (const auto& id : ids) {
    const auto crystal = reference_crystal(id);
    const auto features = featurizer.run(crystal);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto group = id + "/" + std::string(name_of(all[i]));
      CAPTURE(group);
      const auto& one = features.representations[i];
      REQUIRE(one.levels[0].rows() > 0);
      compare_rows(file, group, one);
      CHECK(one.neighbours_per_site == Approx(file.number_attribute(group, "bonds_per_site")).margin(1e-9));
    }
    CAPTURE(id);
    const double energy = file.number_attribute(id + "/CAMN", "formation_energy");
    CHECK(std::abs(*features.representations[0].prediction - energy) < prediction_tolerance);
  }
}

TEST_CASE("band gaps with the model's own graph and with the study's", "[data]") {
  const auto file = h5::File::open(test::data() / "reference/features.h5");
  const auto parent = Parent::load(test::data() / "models/band_gap_regression-mp-2018.6.1.hdf5");
  // The reference follows METHOD's T = 2 for every model; this one was trained with 3.
  megnet::FeaturizerOptions options{.representations = {Representation::CAMN},
                                    .request = {{false, false, false, false}, true},
                                    .readout_steps = 2};
  Featurizer own(parent, options);
  options.converter = megnet::GraphConverter::study();
  Featurizer study(parent, options);
  for (const auto& id : reference_ids()) {
    CAPTURE(id);
    const auto crystal = reference_crystal(id);
    const double with_own = *own.run(crystal).representations[0].prediction;
    const double with_study = *study.run(crystal).representations[0].prediction;
    CHECK(std::abs(with_own - file.number_attribute(id + "/CAMN", "band_gap")) < prediction_tolerance);
    CHECK(std::abs(with_study - file.number_attribute(id + "/CAMN", "band_gap_paper_graph")) <
          prediction_tolerance);
  }
}

TEST_CASE("nearest neighbours", "[data]") {
  const auto file = h5::File::open(test::data() / "reference/features.h5");
  for (const auto& id : reference_ids()) {
    const auto crystal = reference_crystal(id);
    const auto whole = graph::build_graph(crystal);
    for (const auto representation : crystal::all_representations) {
      const auto group = id + "/" + std::string(name_of(representation));
      CAPTURE(group);
      std::vector<bool> keep;
      for (const auto& species : crystal::represent(crystal, representation)) {
        keep.push_back(!species.empty());
      }
      const auto graph = graph::subgraph(whole, keep);
      REQUIRE(graph.edges() > 0);
      CHECK(*std::min_element(graph.distance.begin(), graph.distance.end()) ==
            Approx(file.number_attribute(group, "nearest_neighbour_angstrom")).margin(1e-5));
    }
  }
}
