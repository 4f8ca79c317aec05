// SPDX-License-Identifier: BSD-3-Clause
// The whole of screening, on made-up stores and a small ensemble trained on one of them.
#include "ionsift/base/error.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/screen/kinds.hpp"
#include "ionsift/screen/prediction_file.hpp"
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

/// Class 1 is shifted up, so that a small network separates the classes.
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

/// Two stores, gaps and an ensemble in a scratch folder, created once; collective.
struct Prepared {
  const parallel::Communicator& comm = test::world();
  std::filesystem::path folder = test::scratch("screening");
  ScreeningOptions options;

  Prepared() {
    options.store = folder / "candidates.h5";
    options.reference = folder / "reference.h5";
    options.ensemble = folder / "ensemble";
    options.gaps = folder / "gaps.csv";
    options.predictions = folder / "predictions.h5";
    options.filters.min_probability = 0.5;
    test::write_small_store(comm, options.store, candidate_structures());
    test::write_small_store(comm, options.reference, training_structures());
    parallel::on_root(comm, [&] {
      std::ofstream gaps(*options.gaps);
      gaps << "id,band_gap_eV,band_gap_source\n";
      for (std::size_t i = 0; i < 40; ++i) {
        gaps << "c" << i << ',' << (i == 15 ? "0.2" : i == 18 ? "" : "2.5") << ",made up\n";
      }
    });
    train(options.ensemble, {});
  }

  void train(const std::filesystem::path& ensemble, const dataset::FeatureSet& table_entries,
             const learn::MemberPlan& plan = small_plan()) const {
    const store::Reader reference(options.reference);
    std::vector<std::uint8_t> empty;
    auto set = dataset::slice(reference, {}, 0, reference.size(), empty);
    for (std::size_t i = 0; i < set.size(); ++i) {
      set.label.push_back(i % 2 == 0 ? 1 : 0);
      set.conductivity.push_back(i % 2 == 0 ? 1e-3 : 1e-9);
      set.upper_bound.push_back(0);
    }
    learn::TrainOptions training;
    training.plan = plan;
    training.provenance = reference.provenance();
    training.compositions = table_entries;
    PhaseTimes phases;
    learn::train_ensemble(comm, set, training, ensemble, true, phases);
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
    auto result = screen::screen(comm, chosen, phases);
    comm.barrier();
    return result;
  }
  /// All rows of the last run, on every rank.
  std::vector<Candidate> rows() const { return read_rows(options.predictions); }
  static std::vector<Candidate> read_rows(const std::filesystem::path& path) {
    const PredictionReader reader(path);
    return reader.rows(0, reader.size());
  }
  std::uint64_t dropped(const ScreeningResult& result, Filter filter) const {
    return result.reductions.funnel.dropped[static_cast<std::size_t>(filter)];
  }
};

bool same(double a, double b, double margin = 0) {
  return (std::isnan(a) && std::isnan(b)) || std::abs(a - b) <= margin;
}

/// The result of one rank alone, in another file; collective, so that the others wait.
ScreeningResult run_alone(const parallel::Communicator& comm, ScreeningOptions options) {
  options.predictions = options.predictions.parent_path() / "alone.h5";
  ScreeningResult result;
  parallel::on_root(comm, [&] {
    PhaseTimes phases;
    result = screen::screen(parallel::Communicator::local(), options, phases);
  });
  comm.barrier();
  return result;
}

void check_same(const Candidate& a, const Candidate& b, double margin = 0) {
  INFO(a.id);
  CHECK(a.id == b.id);
  CHECK(a.formula == b.formula);
  CHECK(a.sha256 == b.sha256);
  CHECK(same(a.probability, b.probability, margin));
  CHECK(same(a.sd, b.sd, margin));
  for (std::size_t q = 0; q < a.quantile.size(); ++q) {
    CHECK(same(a.quantile[q], b.quantile[q], margin));
  }
  CHECK(same(a.d_training, b.d_training));
  CHECK(same(a.d_centroid, b.d_centroid));
  CHECK(same(a.component[0], b.component[0]));
  CHECK(same(a.component[1], b.component[1]));
  CHECK(a.nearest_id == b.nearest_id);
  CHECK(a.nearest_formula == b.nearest_formula);
  CHECK(same(a.band_gap, b.band_gap));
  CHECK(same(a.predicted_gap, b.predicted_gap));
  CHECK(a.known_as == b.known_as);
  CHECK(same(a.composition_distance, b.composition_distance));
  CHECK(a.nearest_composition == b.nearest_composition);
  CHECK(a.verdicts == b.verdicts);
  CHECK(a.dropped_by == b.dropped_by);
  CHECK(a.group == b.group);
  CHECK(a.group_size == b.group_size);
}

} // namespace

TEST_CASE_METHOD(Fixture,
                 "a screening finds the class that it was trained on and reports why rows are dropped") {
  const auto result = run(options);
  CHECK(result.reductions.funnel.structures == 40);
  // Of the 14 shifted up: one without rows, one intermetallic, two known, a gap below 1 eV, an unknown gap.
  CHECK(result.reductions.funnel.kept == 14 - 6);
  CHECK(dropped(result, filter_named("features")) == 1);
  CHECK(dropped(result, filter_named("probability")) == 26);
  CHECK(dropped(result, filter_named("intermetallic")) == 1);
  CHECK(dropped(result, filter_named("novelty")) == 2);
  CHECK(dropped(result, filter_named("band_gap")) == 1);
  CHECK(dropped(result, filter_named("band_gap_unknown")) == 1);
  CHECK(result.reductions.gaps_known == 39);
  CHECK(result.reductions.gaps_predicted == 0);
  CHECK(std::isnan(result.reductions.gap_errors.mean_absolute()));
  CHECK(result.reductions.ordered.known() == 38); // one is disordered, one has no features
  CHECK(result.reductions.disordered.known() == 1);
  CHECK(result.kept.size() == (comm.is_root() ? 8 : 0));
  for (std::size_t i = 1; i < result.kept.size(); ++i) {
    const auto& a = result.kept[i - 1];
    const auto& b = result.kept[i];
    CHECK((a.leads() > b.leads() || a.probability > b.probability ||
           (a.probability == b.probability && a.id < b.id)));
  }
  const auto all = rows();
  REQUIRE(all.size() == 40);
  for (std::size_t i = 0; i < 40; ++i) {
    const auto& row = all[i];
    INFO(row.id);
    CHECK(row.index == i);
    CHECK(row.id == fmt::format("c{}", i));
    CHECK(row.source == "made/up/" + row.id + ".cif");
    CHECK(row.sha256 == sha256(row.id));
    CHECK(row.ordered == (i != 12));
    if (i != 9) {
      CHECK((row.probability >= 0.5) == (i % 3 == 0));
      CHECK(row.nearest_label == (std::stoi(row.nearest_id.substr(1)) % 2 == 0 ? 1 : 0));
      CHECK(row.nearest_formula.starts_with("Li"));
      CHECK(row.d_training > 0);
      CHECK(row.d_centroid > 0);
      CHECK(std::is_sorted(row.quantile.begin(), row.quantile.end()));
      CHECK(row.quantile.front() <= row.probability);
      CHECK(row.probability <= row.quantile.back());
    }
  }
  CHECK(all[3].known_as == "t0");
  CHECK(all[3].dropped_by == filter_named("novelty"));
  CHECK(all[3].composition_distance == Approx(0).margin(1e-9));
  CHECK(all[12].dropped_by == filter_named("novelty"));
  CHECK(all[6].dropped_by == filter_named("intermetallic"));
  CHECK(all[9].dropped_by == filter_named("features"));
  CHECK(std::isnan(all[9].d_training));
  CHECK(all[9].nearest_label == -1);
  CHECK(all[15].dropped_by == filter_named("band_gap"));
  CHECK(all[15].known_gap == 0.2);
  CHECK(all[18].dropped_by == filter_named("band_gap_unknown"));
  CHECK(all[18].verdicts[static_cast<std::size_t>(filter_named("band_gap"))] == verdict_not_asked);
  CHECK(all[18].band_gap_source == "unknown");
  CHECK(all[0].band_gap_source == "made up");
  CHECK(all[0].elements == 3);
}

TEST_CASE_METHOD(Fixture, "by default no row is dropped by its probability, and rows without lithium are") {
  auto others = candidate_structures();
  others[0].formula = "Na6PS5Cl"; // the best class, but another working ion
  others[21].formula = "Na3AlLi0.01O6";
  options.store = folder / "others.h5";
  test::write_small_store(comm, options.store, others);
  options.filters = FilterOptions();
  const auto result = run(options);
  CHECK(dropped(result, filter_named("probability")) == 0);
  CHECK(dropped(result, filter_named("no_lithium")) == 1);
  CHECK(result.reductions.funnel.kept > 26);
  const auto all = rows();
  CHECK(all[0].probability > 0.5);
  CHECK_FALSE(all[0].lithium);
  CHECK(all[0].dropped_by == filter_named("no_lithium"));
  CHECK(all[21].lithium);
  CHECK_FALSE(all[21].dropped_by);
  for (const auto& row : result.kept) {
    CHECK(row.id != "c0");
  }
}

TEST_CASE_METHOD(Fixture, "files of an earlier schema, with fewer filters, are read") {
  run(options);
  const auto now = rows();
  const std::string older = "features,probability,intermetallic,novelty,band_gap";
  comm.barrier(); // the file is no longer used
  parallel::on_root(comm, [&] {
    auto file = h5::File::open_writable(options.predictions);
    file.set_attribute("/", "schema", "2"); // whose rows have no checksums
    file.set_attribute("/", "filters", older);
    file.remove("lithium");
    file.remove("passes_no_lithium");
  });
  const auto before = rows();
  for (std::size_t i = 0; i < now.size(); ++i) {
    CHECK(before[i].verdicts[static_cast<std::size_t>(filter_named("no_lithium"))] == verdict_not_asked);
    CHECK(before[i].verdicts[static_cast<std::size_t>(filter_named("toxic"))] == verdict_not_asked);
    for (const auto* name : {"features", "probability", "novelty", "band_gap"}) {
      const auto place = static_cast<std::size_t>(filter_named(name));
      CHECK(before[i].verdicts[place] == now[i].verdicts[place]);
    }
  }
}

TEST_CASE_METHOD(Fixture, "any number of ranks gives the same rows, in any windows") {
  for (const std::uint64_t chunk : {1U, 7U, 64U}) {
    options.chunk = chunk;
    options.keep = chunk == 7 ? 3 : 100;
    const auto together = run(options);
    const auto alone = run_alone(comm, options);
    const auto a = rows();
    const auto b = read_rows(folder / "alone.h5");
    REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      check_same(a[i], b[i]);
    }
    if (comm.is_root()) {
      CHECK(together.reductions.funnel.dropped == alone.reductions.funnel.dropped);
      REQUIRE(together.kept.size() == alone.kept.size());
      CHECK(together.kept.size() == (chunk == 7 ? 3 : 8));
      for (std::size_t i = 0; i < together.kept.size(); ++i) {
        check_same(together.kept[i], alone.kept[i]);
      }
    }
    comm.barrier();
  }
}

TEST_CASE_METHOD(Fixture, "the chunk changes no more than rounding") {
  options.chunk = 3;
  run(options);
  const auto small = rows();
  comm.barrier();
  options.chunk = 1000;
  run(options);
  const auto large = rows();
  for (std::size_t i = 0; i < small.size(); ++i) {
    check_same(small[i], large[i], 1e-6);
  }
}

TEST_CASE_METHOD(Fixture, "unchanged rows are reused from the previous screening, and filtered again") {
  run(options);
  const auto before = rows();
  comm.barrier();
  options.previous = options.predictions; // which is replaced
  options.filters.min_probability = 0.99;
  auto result = run(options);
  CHECK(result.reductions.copied == 40);
  auto after = rows();
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(same(before[i].probability, after[i].probability));
    CHECK(same(before[i].d_centroid, after[i].d_centroid));
    CHECK(same(before[i].component[0], after[i].component[0]));
    CHECK(before[i].nearest_formula == after[i].nearest_formula);
    CHECK((after[i].dropped_by == filter_named("features") || after[i].probability >= 0.99 ||
           after[i].dropped_by == filter_named("probability")));
  }
  comm.barrier();

  // A release in another order, with one more structure.
  auto release = candidate_structures();
  std::reverse(release.begin(), release.end());
  release.push_back({"new", "Li3PS4", 1.0F});
  options.store = folder / "release.h5";
  test::write_small_store(comm, options.store, release);
  options.filters.min_probability = 0.5;
  result = run(options);
  CHECK(result.reductions.copied == 40);
  after = rows();
  REQUIRE(after.size() == 41);
  CHECK(after[40].probability > 0.5);
  for (std::size_t i = 0; i < 40; ++i) {
    CHECK(after[39 - i].id == before[i].id);
    CHECK(same(before[i].probability, after[39 - i].probability));
  }
  comm.barrier();

  options.scaling = dataset::ComponentScaling::variance; // another d_training
  CHECK(run(options).reductions.copied == 0);
}

TEST_CASE_METHOD(Fixture, "an earlier screening without principal components is read, but not reused") {
  run(options);
  options.previous = options.predictions;
  CHECK(run(options).reductions.copied == 40);
  parallel::on_root(comm, [&] {
    auto file = h5::File::open_writable(options.predictions);
    file.set_attribute("/", "schema", "2");
    for (const auto* column : {"PC1", "PC2"}) {
      file.remove(column);
    }
  });
  for (const auto& row : rows()) {
    CHECK(std::isnan(row.component[0]));
    CHECK_FALSE(row.id.empty());
  }
  CHECK(run(options).reductions.copied == 0);
  CHECK(std::isfinite(rows().front().component[1]));
}

TEST_CASE_METHOD(Fixture, "copies among the kept rows are numbered once, by the best of them") {
  auto copies = candidate_structures();
  copies[21].formula = copies[24].formula = copies[27].formula; // all shifted up, none dropped
  options.store = folder / "copies.h5";
  test::write_small_store(comm, options.store, copies);
  const auto result = run(options);
  CHECK(result.grouped == 8);
  CHECK(result.same_as_another == 2);
  std::vector<Candidate> group;
  for (const auto& row : rows()) {
    if (!row.group.empty()) {
      group.push_back(row);
    }
  }
  REQUIRE(group.size() == 3);
  const auto best = std::ranges::max(group, {}, &Candidate::probability);
  for (const auto& row : group) {
    CHECK(row.group == best.id);
    CHECK(row.group_size == 3);
    CHECK(row.leads() == (row.id == best.id));
  }
  if (comm.is_root()) {
    CHECK_FALSE(result.kept[6].leads());
    CHECK_FALSE(result.kept[7].leads());
  }
  comm.barrier();
  options.group = 0;
  CHECK(run(options).same_as_another == 0);
}

TEST_CASE_METHOD(Fixture, "training structures have distance 0 and are known") {
  options.store = options.reference;
  options.gaps.reset();
  const auto result = run(options);
  const auto all = rows();
  CHECK(result.training.size() == (comm.is_root() ? 16 : 0));
  for (std::size_t i = 0; i < result.training.size(); ++i) {
    CHECK(result.training[i].id == all[i].id);
    CHECK(result.training[i].formula == all[i].formula);
    CHECK(result.training[i].label == (i % 2 == 0 ? 1 : 0));
    CHECK(same(result.training[i].component[0], all[i].component[0]));
    CHECK(same(result.training[i].component[1], all[i].component[1]));
  }
  if (comm.is_root()) {
    CHECK(result.explained[0] >= result.explained[1]);
    CHECK(result.explained[0] + result.explained[1] <= 1 + 1e-12);
    CHECK(result.explained[0] > 0);
  }
  for (const auto& row : all) {
    CHECK(row.d_training == 0);
    CHECK(row.nearest_id == row.id);
    CHECK_FALSE(row.known_as.empty());
    CHECK(row.composition_distance == Approx(0).margin(1e-9));
    CHECK(row.band_gap_source == "unknown");
    CHECK((row.dropped_by == filter_named("novelty") || row.dropped_by == filter_named("probability")));
  }
  CHECK(result.reductions.funnel.kept == 0);
}

TEST_CASE_METHOD(Fixture, "compositions that were trained on without a structure are known, too") {
  run(options);
  const auto before = rows();
  REQUIRE(before[0].known_as.empty());
  dataset::FeatureSet entry;
  entry.id = {"measured"};
  entry.label = {1};
  entry.conductivity = {1e-3};
  entry.upper_bound = {0};
  entry.formula = {before[0].formula};
  options.ensemble = folder / "with-entries";
  prepared().train(options.ensemble, entry);
  run(options);
  const auto after = rows();
  CHECK(after[0].known_as == "measured");
  CHECK_FALSE(after[0].verdicts[static_cast<std::size_t>(filter_named("novelty"))] == 1);
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(same(after[i].probability, before[i].probability));
    if (before[i].formula != before[0].formula) {
      CHECK(after[i].known_as == before[i].known_as);
    }
  }
}

TEST_CASE_METHOD(Fixture, "predictions of each kind of member are listed, and all kinds together give P_SI") {
  run(options);
  const auto all = rows();
  const store::Reader store(options.store);
  auto ensemble = learn::Ensemble::load(options.ensemble);
  const std::vector<std::uint64_t> wanted = {0, 9, 4, 17}; // 9 has no atoms in the representation
  const auto kinds = predict_by_kind(comm, ensemble, store, wanted, options.device);
  CHECK(kinds.kinds.size() == 1);
  if (comm.is_root()) {
    REQUIRE(kinds.of.size() == wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      INFO(wanted[i]);
      CHECK(same(kinds.of[i].front(), all[wanted[i]].probability, 1e-5));
    }
    CHECK(std::isnan(kinds.of[1].front()));
  } else {
    CHECK(kinds.of.empty());
  }
  CHECK(predict_by_kind(comm, ensemble, store, {}, options.device).of.empty());

  // Two kinds with their own weights.
  auto plan = small_plan();
  plan.seeds = 2;
  plan.configurations.push_back(plan.configurations.front());
  plan.configurations[0].name = "one";
  plan.configurations[1].name = "two";
  options.ensemble = folder / "two-kinds";
  prepared().train(options.ensemble, {}, plan);
  ensemble = learn::Ensemble::load(options.ensemble);
  run(options);
  const auto mixed = rows();
  const auto two = predict_by_kind(comm, ensemble, store, {3}, options.device);
  CHECK(two.kinds == std::vector<std::string>{"one", "two"});
  if (comm.is_root()) {
    CHECK((two.of[0][0] + two.of[0][1]) / 2 == Approx(mixed[3].probability).margin(1e-5));
  }
}

TEST_CASE_METHOD(Fixture, "a store without structures gives an empty table") {
  options.store = folder / "nothing.h5";
  test::write_small_store(comm, options.store, {});
  const auto result = run(options);
  CHECK(result.reductions.funnel.structures == 0);
  CHECK(result.kept.empty());
  CHECK(rows().empty());
}

TEST_CASE_METHOD(Fixture, "incompatible stores and ensembles are refused") {
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

TEST_CASE("quantiles of members are weighted, and are values of members") {
  const std::vector<std::pair<double, double>> even = {{0.4, 1}, {0.1, 1}, {0.3, 1}, {0.2, 1}};
  CHECK(member_quantile(even, 0.05) == 0.1);
  CHECK(member_quantile(even, 0.25) == 0.1);
  CHECK(member_quantile(even, 0.5) == 0.2);
  CHECK(member_quantile(even, 0.75) == 0.3);
  CHECK(member_quantile(even, 0.95) == 0.4);
  CHECK(member_quantile({{0.1, 1}, {0.9, 8}, {0.95, 1}}, 0.5) == 0.9);
  CHECK(member_quantile({{0.7, 0.1}}, 0.05) == 0.7);
}
