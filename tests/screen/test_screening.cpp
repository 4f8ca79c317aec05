// The whole of screening, on made-up stores and a small ensemble trained on one of them.
#include "ionsift/base/error.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/screen/screening.hpp"

#include "small_store.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>

using Catch::Matchers::Contains;
using namespace ionsift;
using namespace ionsift::screen;
using ionsift::test::SmallStructure;

namespace {

const std::vector<std::string> anions = {"O", "S", "F", "Cl", "Br", "I", "N", "Se"};

/// Class 1 is shifted up, so that a small network tells them apart.
std::vector<SmallStructure> training_structures() {
  std::vector<SmallStructure> result;
  for (std::size_t i = 0; i < 16; ++i) {
    result.push_back(
        {fmt::format("t{}", i), fmt::format("Li{}{}", 1 + i / 8, anions[i % 8]), i % 2 == 0 ? 1.0F : -1.0F});
  }
  return result;
}

std::vector<SmallStructure> candidate_structures() {
  std::vector<SmallStructure> result;
  for (std::size_t i = 0; i < 40; ++i) {
    const bool up = i % 3 == 0;
    result.push_back(
        {fmt::format("c{}", i), fmt::format("Li3P{}{}", anions[i % 8], 1 + i % 5), up ? 1.0F : -1.0F});
  }
  result[3].formula = "Li2O2"; // as t0, LiO
  result[6].intermetallic = true;
  result[9].empty = true;
  result[12].formula = "Li0.9O1.1"; // within 0.05 of t0
  return result;
}

learn::MemberPlan small_plan() {
  learn::AtomSetsConfiguration configuration;
  configuration.layers = 1;
  configuration.width = 8;
  configuration.readout_hidden = 4;
  configuration.readout_steps = 2;
  configuration.init_lr = 1e-3;
  configuration.max_lr = 1e-2;
  configuration.batch = 8;
  configuration.epochs = 30;
  learn::MemberPlan plan;
  plan.seeds = 3;
  plan.configurations.emplace_back().model = configuration;
  return plan;
}

/// Two stores, gaps and an ensemble in a scratch folder, made once; collective.
struct Prepared {
  const parallel::Communicator& comm = test::world();
  std::filesystem::path folder = test::scratch("screening");
  ScreeningOptions options;

  Prepared() {
    options.store = folder / "candidates.h5";
    options.reference = folder / "reference.h5";
    options.ensemble = folder / "ensemble";
    options.gaps = folder / "gaps.csv";
    test::write_small_store(comm, options.store, candidate_structures());
    test::write_small_store(comm, options.reference, training_structures());
    parallel::on_root(comm, [&] {
      std::ofstream gaps(*options.gaps);
      gaps << "id,band_gap_eV,band_gap_source\n";
      for (std::size_t i = 0; i < 40; ++i) {
        gaps << "c" << i << ',' << (i == 15 ? "0.2" : i == 18 ? "" : "2.5") << ",made up\n";
      }
    });
    train();
  }

  void train() const {
    const store::Reader reference(options.reference);
    std::vector<std::uint8_t> empty;
    auto set = dataset::slice(reference, {}, 0, reference.size(), empty);
    for (std::size_t i = 0; i < set.size(); ++i) {
      set.label.push_back(i % 2 == 0 ? 1 : 0);
      set.conductivity.push_back(i % 2 == 0 ? 1e-3 : 1e-9);
      set.upper_bound.push_back(0);
    }
    learn::TrainOptions training;
    training.plan = small_plan();
    training.provenance = reference.provenance();
    PhaseTimes phases;
    learn::train_ensemble(comm, set, training, options.ensemble, true, phases);
  }
};

const Prepared& prepared() {
  static const Prepared once;
  return once;
}

struct Fixture {
  const parallel::Communicator& comm = test::world();
  std::filesystem::path folder = prepared().folder;
  ScreeningOptions options = prepared().options;

  ScreeningResult run(const ScreeningOptions& chosen) const {
    PhaseTimes phases;
    return screen::screen(comm, chosen, phases);
  }
};

bool same(double a, double b, double margin = 0) {
  return (std::isnan(a) && std::isnan(b)) || std::abs(a - b) <= margin;
}

/// What one rank finds without the others, on rank 0; collective, so that the others wait.
ScreeningResult run_alone(const parallel::Communicator& comm, const ScreeningOptions& options) {
  ScreeningResult result;
  parallel::on_root(comm, [&] {
    PhaseTimes phases;
    result = screen::screen(parallel::Communicator::local(), options, phases);
  });
  return result;
}

} // namespace

TEST_CASE_METHOD(Fixture,
                 "a screening finds the class that it was trained on and says why rows are dropped") {
  const auto result = run(options);
  CHECK(result.funnel.structures == 40);
  CHECK(result.funnel.kept == 14 - 6);
  // Of the 14 shifted up: one without rows, one intermetallic, a gap below 1 eV, an unknown gap, two known.
  CHECK(result.funnel.dropped == std::array<std::uint64_t, 5>{1, 26, 1, 2, 2});
  CHECK(result.gaps_known == 39);
  CHECK(result.gaps_predicted == 0);
  CHECK(std::isnan(result.gap_error));
  if (!comm.is_root()) {
    CHECK(result.rows.empty());
    return;
  }
  REQUIRE(result.rows.size() == 40);
  for (std::size_t i = 0; i < 40; ++i) {
    const auto& row = result.rows[i];
    INFO(row.id);
    CHECK(row.index == i);
    CHECK(row.id == fmt::format("c{}", i));
    CHECK(row.source == "made/up/" + row.id + ".cif");
    CHECK(row.ordered == (i != 12));
    if (i != 9) {
      CHECK((row.probability >= 0.5) == (i % 3 == 0));
      CHECK(row.nearest_label == (std::stoi(row.nearest_id.substr(1)) % 2 == 0 ? 1 : 0));
      CHECK(row.d_training > 0);
    }
  }
  CHECK(result.rows[3].known_as == "t0");
  CHECK(result.rows[3].dropped_by == Filter::novelty);
  CHECK(result.rows[12].dropped_by == Filter::novelty);
  CHECK(result.rows[6].dropped_by == Filter::intermetallic);
  CHECK(result.rows[9].dropped_by == Filter::features);
  CHECK(std::isnan(result.rows[9].d_training));
  CHECK(result.rows[15].dropped_by == Filter::band_gap);
  CHECK(result.rows[18].dropped_by == Filter::band_gap);
  CHECK(result.rows[18].band_gap_source == "unknown");
  CHECK(result.rows[0].band_gap_source == "made up");
}

TEST_CASE_METHOD(Fixture, "any number of ranks gives the same table") {
  for (const std::uint64_t chunk : {7U, 64U}) {
    options.chunk = chunk;
    const auto together = run(options);
    const auto alone = run_alone(comm, options);
    REQUIRE(together.rows.size() == alone.rows.size());
    CHECK((!comm.is_root() || together.funnel.dropped == alone.funnel.dropped));
    for (std::size_t i = 0; i < together.rows.size(); ++i) {
      const auto& a = together.rows[i];
      const auto& b = alone.rows[i];
      CHECK(a.id == b.id);
      CHECK(same(a.probability, b.probability));
      CHECK(same(a.sd, b.sd));
      CHECK(same(a.d_training, b.d_training));
      CHECK(a.nearest_id == b.nearest_id);
      CHECK(a.known_as == b.known_as);
      CHECK(a.dropped_by == b.dropped_by);
    }
  }
}

TEST_CASE_METHOD(Fixture, "the chunk changes no more than rounding") {
  options.chunk = 3;
  const auto small = run(options);
  options.chunk = 1000;
  const auto large = run(options);
  for (std::size_t i = 0; i < small.rows.size(); ++i) {
    CHECK(same(small.rows[i].probability, large.rows[i].probability, 1e-6));
    CHECK(same(small.rows[i].d_training, large.rows[i].d_training));
    CHECK(small.rows[i].dropped_by == large.rows[i].dropped_by);
  }
}

TEST_CASE_METHOD(Fixture, "the training structures themselves are at distance 0 and known") {
  options.store = options.reference;
  options.gaps.reset();
  const auto result = run(options);
  for (const auto& row : result.rows) {
    CHECK(row.d_training == 0);
    CHECK(row.nearest_id == row.id);
    CHECK_FALSE(row.known_as.empty());
    CHECK(row.band_gap_source == "unknown");
    CHECK((row.dropped_by == Filter::novelty || row.dropped_by == Filter::probability));
  }
  CHECK(result.funnel.kept == 0);
}

TEST_CASE_METHOD(Fixture, "stores and ensembles that do not belong together are refused") {
  auto other = test::small_provenance();
  other.parent_sha256 = "another";
  const auto path = folder / "other.h5";
  test::write_small_store(comm, path, candidate_structures(), other);
  auto wrong = options;
  wrong.store = path;
  CHECK_THROWS_WITH(run(wrong), Contains("other.h5"));
  wrong = options;
  wrong.reference = options.store;
  CHECK_THROWS_WITH(run(wrong), Contains("lacks the training structure t0"));
  wrong = options;
  wrong.chunk = 0;
  CHECK_THROWS_AS(run(wrong), Error);
}
