// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/learn/ensemble/ensemble.hpp"
#include "ionsift/learn/ensemble/pretrain.hpp"
#include "ionsift/learn/validation/crossvalidation.hpp"

#include "support.hpp"
#include "synthetic.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace ionsift;
using namespace ionsift::learn;
using Catch::Matchers::Contains;

namespace {

Configuration tiny(const std::string& name, int width) {
  auto configuration = test::tiny_configuration(name, width, 2);
  std::get<AtomSetsConfiguration>(configuration.model).max_lr = 1e-2;
  return configuration;
}

PretrainOptions options_of(const std::vector<Configuration>& configurations) {
  PretrainOptions options;
  options.plan.configurations = configurations;
  options.epochs = 6;
  options.batch = 32;
  options.validation_share = 0.25;
  options.labels = "made up";
  options.provenance.parent_name = "Formation energy";
  options.provenance.parent_sha256 = std::string(64, 'a');
  options.provenance.converter = megnet::GraphConverter{4.5, {0.1, 0.2, 0.3}, 0.7};
  options.provenance.representations = {crystal::Representation::CAMNS};
  options.provenance.levels = {false, true, false, false};
  return options;
}

TrainOptions train_options(const StartWeights* start, const std::vector<Configuration>& configurations) {
  TrainOptions options;
  options.plan.seeds = 1;
  options.plan.configurations = configurations;
  options.provenance = options_of({}).provenance;
  options.start = start;
  return options;
}

/// Start weights of three widths, computed by all ranks.
std::filesystem::path pretrained(const std::string& name) {
  const auto folder = test::scratch(name) / "start";
  PhaseTimes phases;
  pretrain(test::world(), test::make_structures(80, 5, 1),
           options_of({tiny("a", 5), tiny("b", 8), tiny("c", 5)}), folder, false, phases);
  return folder;
}

} // namespace

TEST_CASE("any number of ranks gives the same start weights, those of the best epoch") {
  const auto structures = test::make_structures(80, 5, 1);
  const auto options = options_of({tiny("a", 5), tiny("b", 8), tiny("c", 5)});
  const auto shared = test::scratch("shared") / "start";
  const auto alone = test::scratch("alone") / std::to_string(test::world().rank());
  PhaseTimes phases;
  const auto records = pretrain(test::world(), structures, options, shared, false, phases).records;
  const auto expected =
      pretrain(parallel::Communicator::local(), structures, options, alone, false, phases).records;
  CHECK(read_file(shared / "epochs.csv") == read_file(alone / "epochs.csv"));
  CHECK(read_file(shared / "structures.csv") == read_file(alone / "structures.csv"));

  // The held-out share of each class, every structure once.
  const auto table = CsvTable::read(shared / "structures.csv");
  REQUIRE(table.size() == 80);
  std::map<std::string, int> counts;
  std::vector<std::size_t> held_out;
  for (std::size_t row = 0; row < table.size(); ++row) {
    ++counts[table.cell(row, 1) + table.cell(row, 2)];
    if (table.cell(row, 1) == "validation") {
      held_out.push_back(row);
    }
  }
  CHECK(counts["validation0"] == Approx(0.25 * (counts["validation0"] + counts["train0"])).margin(0.6));
  CHECK(counts["validation1"] == Approx(0.25 * (counts["validation1"] + counts["train1"])).margin(0.6));

  const auto validation = structures.select(held_out);
  REQUIRE(records.size() == 3);
  const auto start = StartWeights::load(shared);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& record = records[i];
    CHECK(record.best == expected[i].best);
    REQUIRE(record.epochs.size() == 6);
    REQUIRE(record.best >= 1);
    const auto& best = record.epochs[static_cast<std::size_t>(record.best) - 1];
    for (const auto& epoch : record.epochs) {
      CHECK(epoch.auc_pr <= best.auc_pr);
    }
    // The saved weights have that score.
    const auto* weights = start.find(options.plan.configurations[i], structures);
    REQUIRE(weights != nullptr);
    CHECK(weights->configuration().name == record.name);
    const auto p = weights->predict(validation, {});
    const auto scores = score(validation.label, std::vector<double>(p.begin(), p.end()));
    CHECK(scores.auc_pr == Approx(best.auc_pr).epsilon(1e-6));
    CHECK(scores.mcc == Approx(best.mcc).epsilon(1e-6));
  }
}

TEST_CASE("training starts from the weights of the same shape") {
  const auto folder = pretrained("starts");
  const auto start = StartWeights::load(folder);
  const auto train = test::make_structures(40, 5, 7);
  const auto asked = test::make_structures(10, 5, 8);
  const auto configuration = tiny("b", 8);
  CHECK(start.find(tiny("c", 5), train)->configuration().name == "c");
  CHECK(start.find(tiny("other", 5), train)->configuration().name == "a");

  // With vanishing steps, members predict the same as their start weights.
  auto idle = configuration;
  std::get<AtomSetsConfiguration>(idle.model).init_lr = 1e-12;
  std::get<AtomSetsConfiguration>(idle.model).max_lr = 1e-12;
  PhaseTimes phases;
  const auto ensemble = test::scratch("idle") / "ensemble";
  train_ensemble(test::world(), train, train_options(&start, {idle}), ensemble, false, phases);
  const auto said = Ensemble::load(ensemble).predict(asked, {});
  const auto expected = start.find(configuration, train)->predict(asked, {});
  for (std::size_t s = 0; s < expected.size(); ++s) {
    CHECK(said(0, static_cast<Eigen::Index>(s)) == Approx(expected[s]).margin(1e-6));
  }
  CHECK(Ensemble::load(ensemble).manifest().at("start_sha256") == start.sha256());

  const auto fresh = test::scratch("fresh") / "ensemble";
  train_ensemble(test::world(), train, train_options(nullptr, {idle}), fresh, false, phases);
  CHECK((Ensemble::load(fresh).predict(asked, {}) - said).cwiseAbs().maxCoeff() > 1e-4F);
  CHECK_FALSE(Ensemble::load(fresh).manifest().contains("start_sha256"));
}

TEST_CASE("cross-validation starts from these weights in every fold") {
  const auto folder = pretrained("crossvalidated");
  const auto journals = test::scratch("crossvalidated-journals");
  const auto start = StartWeights::load(folder);
  const auto structures = test::make_structures(24, 5, 7);
  dataset::Folds folds{{"a", "b"}, {}};
  for (std::size_t i = 0; i < structures.size(); ++i) {
    folds.of.push_back(static_cast<int>(i % 2));
  }
  auto idle = tiny("b", 8);
  std::get<AtomSetsConfiguration>(idle.model).init_lr = 1e-12;
  std::get<AtomSetsConfiguration>(idle.model).max_lr = 1e-12;
  CrossValidationOptions options;
  options.variants = {{"idle", {}}};
  options.variants.front().plan.seeds = 1;
  options.variants.front().plan.configurations = {idle};
  options.start = &start;
  const auto started = train_folds(test::world(), structures, folds, options, journals / "started").trainings;
  // A run with fresh weights does not accept this journal.
  CHECK_THROWS_AS(
      [&] {
        auto fresh = options;
        fresh.start = nullptr;
        train_folds(test::world(), structures, folds, fresh, journals / "started");
      }(),
      Error);
  const auto expected = start.find(idle, structures)->predict(structures, {});
  for (const auto& training : started) {
    const auto validated = folds.validated(training.member.fold);
    REQUIRE(training.probability.size() == validated.size());
    for (std::size_t i = 0; i < validated.size(); ++i) {
      CHECK(training.probability[i] == Approx(expected[validated[i]]).margin(1e-6));
    }
  }
}

TEST_CASE("incompatible weights are refused, and the available ones are named") {
  const auto folder = pretrained("refused");
  const auto start = StartWeights::load(folder);
  const auto train = test::make_structures(40, 5, 7);
  CHECK_THROWS_WITH(start.find(tiny("b", 9), train), Contains("width 9") && Contains("width 8"));
  CHECK_THROWS_WITH(start.find(tiny("b", 8), test::make_structures(40, 6, 7)), Contains("6 columns"));
  auto elsewhere = tiny("b", 8);
  elsewhere.views.front().level = 2;
  auto turned = train;
  turned.views = elsewhere.views;
  CHECK_THROWS_WITH(start.find(elsewhere, turned), Contains("CAMNS:V2"));

  auto other_parent = options_of({}).provenance;
  other_parent.parent_sha256 = std::string(64, 'b');
  CHECK_THROWS_AS(start.require_compatible(other_parent, "the store"), Error);
  auto other_graph = options_of({}).provenance;
  other_graph.converter.cutoff = 5;
  CHECK_THROWS_AS(start.require_compatible(other_graph, "the store"), Error);
  CHECK_NOTHROW(start.require_compatible(options_of({}).provenance, "the store"));

  PhaseTimes phases;
  const auto ensemble = test::scratch("unfit") / "ensemble";
  CHECK_THROWS_AS(
      train_ensemble(test::world(), train, train_options(&start, {tiny("b", 9)}), ensemble, false, phases),
      Error);
  CHECK_THROWS_AS(pretrain(test::world(), train, options_of({tiny("a", 5)}), folder, false, phases), Error);
  CHECK_THROWS_WITH(StartWeights::load(test::scratch("nothing")), Contains("pretraining.json"));
}
