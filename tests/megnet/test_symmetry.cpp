// SPDX-License-Identifier: BSD-3-Clause
// The use of symmetry changes nothing: all OBELiX structures with and without, in double precision.
#include "ionsift/crystal/source/source.hpp"
#include "ionsift/megnet/network.hpp"

#include "structures.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace ionsift;
using crystal::Representation;

namespace {

constexpr megnet::Request everything{.levels = {true, true, true, true}, .prediction = true};

struct Summary {
  std::array<Eigen::RowVectorXd, 4> mean; ///< over sites
  double prediction = 0;
};

template <typename Scalar>
Summary summarise(megnet::Network<Scalar>& network, const crystal::Crystal& crystal,
                  Representation representation, double merge_tolerance) {
  std::vector<bool> keep;
  std::vector<std::vector<crystal::Species>> species;
  for (auto& one : crystal::represent(crystal, representation)) {
    keep.push_back(!one.empty());
    if (!one.empty()) {
      species.push_back(std::move(one));
    }
  }
  const auto graph = graph::subgraph(graph::build_graph(crystal, {.merge_tolerance = merge_tolerance}), keep);
  const auto output = network.run(graph, species, everything);
  const Eigen::RowVectorXd weight =
      Eigen::Map<const Eigen::RowVectorXi>(graph.multiplicity.data(), graph.multiplicity.size())
          .cast<double>();
  Summary summary;
  for (int level = 0; level < 4; ++level) {
    summary.mean[level] = weight * output.levels[level].template cast<double>() / weight.sum();
  }
  summary.prediction = *output.prediction;
  return summary;
}

/// V1, V2 and V3 of all atoms of a crystal, row by row.
std::array<Matrix<double>, 4> rows_of(megnet::Network<double>& network, const crystal::Crystal& crystal) {
  return network
      .run(graph::build_graph(crystal, {.cutoff = 5}), crystal::represent(crystal, Representation::CAMN),
           {.levels = {false, true, true, true}})
      .levels;
}

/// Largest difference of any site's features from those of its orbit's row.
double largest_difference(megnet::Network<double>& network, const crystal::Crystal& crystal) {
  const auto reduced = rows_of(network, crystal);
  const auto whole = rows_of(network, crystal::without_symmetry(crystal));
  double largest = 0;
  for (int level = 1; level < 4; ++level) {
    for (std::size_t site = 0; site < crystal.sites.size(); ++site) {
      const auto row = static_cast<Eigen::Index>(site);
      const auto difference = whole[level].row(row) - reduced[level].row(crystal.sites[site].orbit);
      largest = std::max(largest, difference.cwiseAbs().maxCoeff());
    }
  }
  return largest;
}

double largest_difference(const Summary& a, const Summary& b) {
  double largest = std::abs(a.prediction - b.prediction);
  for (int level = 0; level < 4; ++level) {
    largest = std::max(largest, (a.mean[level] - b.mean[level]).cwiseAbs().maxCoeff());
  }
  return largest;
}

} // namespace

TEST_CASE("orbits and merged edges are equivalent to all sites and all edges", "[data]") {
  const auto parent = megnet::Parent::load(test::data() / "models/formation_energy-mp-2019.4.1.hdf5");
  megnet::Network<double> network(parent, parent.converter);
  megnet::Network<float> single(parent, parent.converter);
  const auto files = test::files_of("data/obelix/cifs");
  CHECK(files.size() == 321);
  double largest = 0, largest_single = 0;
  for (const auto& path : files) {
    CAPTURE(path.filename());
    const auto crystal = test::read_crystal(path);
    const auto whole = crystal::without_symmetry(crystal);
    for (const auto representation : {Representation::CAMN, Representation::CANS}) {
      CAPTURE(name_of(representation));
      const auto reduced = summarise(network, crystal, representation, 1e-5);
      const double difference = largest_difference(reduced, summarise(network, whole, representation, 0.0));
      CHECK(difference < 1e-6);
      largest = std::max(largest, difference);
      const double rounding = largest_difference(reduced, summarise(single, crystal, representation, 1e-5));
      CHECK(rounding < 3e-5);
      largest_single = std::max(largest_single, rounding);
    }
  }
  WARN("largest difference by symmetry " << largest << ", of float from double " << largest_single);
}

TEST_CASE("orbits found in P1 cells are equivalent to all sites within 1e-4", "[data]") {
  const auto parent = megnet::Parent::load(test::data() / "models/formation_energy-mp-2019.4.1.hdf5");
  megnet::Network<double> network(parent, parent.converter);
  for (const auto search : {crystal::OrbitSearch::environments, crystal::OrbitSearch::spglib}) {
    crystal::ReadOptions options;
    options.orbit_search = search;
    crystal::EntryStream stream({test::data() / "data/candidates/materials-project-li.tar.gz"});
    double largest = 0;
    std::size_t reduced = 0;
    for (std::size_t i = 0; auto next = stream.next(); ++i) {
      if (i % 250 != 0) {
        continue;
      }
      const auto& entry = std::get<crystal::Entry>(*next);
      const auto results = crystal::read_entry(entry.bytes, entry.name, options);
      const auto& crystal = std::get<crystal::Crystal>(results.front());
      CAPTURE(crystal.source, name_of(crystal.orbit_source));
      CHECK(crystal.orbit_source == (search == crystal::OrbitSearch::spglib
                                         ? crystal::OrbitSource::spglib
                                         : crystal::OrbitSource::environments));
      const double difference = largest_difference(network, crystal);
      CHECK(difference < 1e-4);
      largest = std::max(largest, difference);
      reduced += crystal.orbits.size() < crystal.sites.size() ? 1 : 0;
    }
    CHECK(reduced > 50);
    WARN("largest difference " << largest << ", " << reduced << " cells with fewer rows than sites");
  }
}
