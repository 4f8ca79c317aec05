// SPDX-License-Identifier: BSD-3-Clause
// The classifier's readout of symmetry-distinct rows equals that of all sites.
#include "ionsift/crystal/source/source.hpp"
#include "ionsift/megnet/featurizer.hpp"

#include "atomsets/atomsets.hpp"
#include "support.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/from_blob.h>
#include <catch2/catch.hpp>

#include <cmath>

using namespace ionsift;
using namespace ionsift::learn;

namespace {

/// One structure; each row represents `weight` sites, or is repeated as often with weight 1.
Batch batch_of(const megnet::RepresentationFeatures& features, bool every_site, at::ScalarType type) {
  std::vector<float> values;
  std::vector<double> weight;
  const auto& rows = features.levels[1];
  for (Eigen::Index row = 0; row < rows.rows(); ++row) {
    const int multiplicity = features.multiplicity[static_cast<std::size_t>(row)];
    for (int copy = 0; copy < (every_site ? multiplicity : 1); ++copy) {
      values.insert(values.end(), rows.row(row).begin(), rows.row(row).end());
      weight.push_back(every_site ? 1.0 : multiplicity);
    }
  }
  const auto n = static_cast<std::int64_t>(weight.size());
  Batch batch;
  batch.values = at::from_blob(values.data(), {n, rows.cols()}, at::kFloat).clone().to(type);
  batch.ragged = make_ragged({0, n}, at::from_blob(weight.data(), {n}, at::kDouble).clone().to(type));
  return batch;
}

double probability(const AtomSets& network, const megnet::RepresentationFeatures& features, bool every_site,
                   at::ScalarType type) {
  return 1 / (1 + std::exp(-network.logits(batch_of(features, every_site, type)).item<double>()));
}

} // namespace

TEST_CASE("rows with multiplicities and rows for every site give one probability, for all 321", "[data]") {
  const auto parent = megnet::Parent::load(test::data() / "models/formation_energy-mp-2019.4.1.hdf5");
  megnet::Featurizer featurizer(parent, {.isolated_atoms = megnet::IsolatedAtoms::ignore});
  AtomSets exact(AtomSetsConfiguration{}, 32, at::kDouble);
  exact.initialise(3);
  const AtomSets single = exact.to(at::kFloat);

  crystal::EntryStream stream({test::data() / "data/obelix/cifs"});
  double largest = 0, largest_single = 0, smallest = 1, highest = 0;
  int structures = 0;
  while (auto next = stream.next()) {
    const auto& entry = std::get<crystal::Entry>(*next);
    CAPTURE(entry.name.source);
    const auto results = crystal::read_entry(entry.bytes, entry.name);
    const auto features = featurizer.run(std::get<crystal::Crystal>(results.front())).representations.front();
    const double reduced = probability(exact, features, false, at::kDouble);
    const double difference = std::abs(reduced - probability(exact, features, true, at::kDouble));
    CHECK(difference < 1e-6);
    largest = std::max(largest, difference);
    const double difference_single = std::abs(probability(single, features, false, at::kFloat) -
                                              probability(single, features, true, at::kFloat));
    CHECK(difference_single < 1e-5);
    largest_single = std::max(largest_single, difference_single);
    smallest = std::min(smallest, reduced);
    highest = std::max(highest, reduced);
    ++structures;
  }
  CHECK(structures == 321);
  CHECK(highest - smallest > 1e-3); // the network distinguishes structures
  WARN("largest difference " << largest << " in double, " << largest_single << " in float");
}
