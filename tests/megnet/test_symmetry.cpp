// The use of symmetry changes nothing: all OBELiX structures with and without, in double precision.
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

double largest_difference(const Summary& a, const Summary& b) {
  double largest = std::abs(a.prediction - b.prediction);
  for (int level = 0; level < 4; ++level) {
    largest = std::max(largest, (a.mean[level] - b.mean[level]).cwiseAbs().maxCoeff());
  }
  return largest;
}

} // namespace

TEST_CASE("orbits and merged edges stand for all sites and all edges", "[data]") {
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
