// SPDX-License-Identifier: BSD-3-Clause
// Gaps predicted from a store of crystals, against an independent implementation.
#include "ionsift/base/hdf5.hpp"
#include "ionsift/crystal/source/source.hpp"
#include "ionsift/screen/band_gap.hpp"

#include "random_parent.hpp"
#include "small_store.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cmath>

using namespace ionsift;

namespace {

/// Crystals with features of zero; every rank has all of them, rank r of n passes on each n-th.
std::filesystem::path write_store(const std::vector<crystal::Crystal>& crystals) {
  const auto path = test::scratch("predict_gaps") / "store.h5";
  const auto& comm = test::world();
  store::Writer writer(comm, path, test::small_provenance(), true);
  std::vector<store::StructureRecord> mine;
  for (std::size_t i = 0; i < crystals.size(); ++i) {
    if (i % static_cast<std::size_t>(comm.size()) != static_cast<std::size_t>(comm.rank())) {
      continue;
    }
    megnet::RepresentationFeatures features;
    for (std::size_t o = 0; o < crystals[i].orbits.size(); ++o) {
      features.orbit.push_back(static_cast<int>(o));
      features.multiplicity.push_back(crystals[i].orbits[o].multiplicity);
    }
    features.levels[1].setZero(static_cast<Eigen::Index>(crystals[i].orbits.size()), 32);
    mine.push_back({i, 0, 0, crystals[i], {{features}, {}}});
  }
  writer.append(std::move(mine), {});
  writer.close();
  return path;
}

std::vector<crystal::Crystal> read_reference_crystals() {
  std::vector<crystal::Crystal> crystals;
  crystal::EntryStream entries({test::data() / "reference/cifs"});
  while (const auto entry = entries.next()) {
    const auto& file = std::get<crystal::Entry>(*entry);
    for (auto& result : crystal::read_entry(file.bytes, file.name)) {
      crystals.push_back(std::get<crystal::Crystal>(std::move(result)));
    }
  }
  return crystals;
}

} // namespace

TEST_CASE("gaps of the reference structures agree with an independent implementation", "[data]") {
  const auto crystals = read_reference_crystals();
  REQUIRE(crystals.size() == 60);
  const store::Reader reader(write_store(crystals));
  auto parent = megnet::Parent::load(test::data() / "models/band_gap_regression-mp-2018.6.1.hdf5");
  // The reference was made with two readout steps, the weight file has three.
  parent.weights.readout_v.steps = parent.weights.readout_e.steps = 2;
  const auto known = h5::File::open(test::data() / "reference/features.h5");

  const auto own = screen::predict_gaps(test::world(), reader, parent, std::nullopt);
  const auto study = screen::predict_gaps(test::world(), reader, parent, megnet::GraphConverter::study());
  REQUIRE(own.size() == crystals.size());
  for (std::size_t i = 0; i < crystals.size(); ++i) {
    INFO(crystals[i].id);
    const auto group = crystals[i].id + "/CAMN";
    CHECK(own[i] == Approx(known.number_attribute(group, "band_gap")).margin(1e-3));
    CHECK(study[i] == Approx(known.number_attribute(group, "band_gap_paper_graph")).margin(1e-3));
  }
}

TEST_CASE("gaps are in store order for any number of ranks, and a failed one does not stop others") {
  std::vector<crystal::Crystal> crystals;
  const std::vector<std::string> anions = {"O", "S", "F2", "Cl", "N3"};
  for (std::size_t i = 0; i < 150; ++i) {
    const auto formula = fmt::format("Li{}{}", 1 + i % 7, anions[i % 5]);
    crystals.push_back(test::small_crystal({fmt::format("c{}", i), formula}));
  }
  crystals[77].orbits.front().species.front().atomic_number = 99; // the embedding ends at 94
  const auto parent = test::random_parent(1);
  const store::Reader reader(write_store(crystals));
  const auto gaps = screen::predict_gaps(test::world(), reader, parent, std::nullopt);
  const auto alone = screen::predict_gaps(parallel::Communicator::local(), reader, parent, std::nullopt);
  REQUIRE(gaps.size() == crystals.size());
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    INFO(i);
    CHECK(std::isnan(gaps[i]) == (i == 77));
    CHECK((i == 77 || gaps[i] == alone[i]));
  }
  CHECK(gaps[0] != gaps[1]);
  CHECK(gaps[0] == gaps[35]); // the same crystal
  test::world().barrier();
}
