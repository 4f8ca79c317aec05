// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/report/crossvalidation_tables.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>
#include <sstream>

using Catch::Matchers::Contains;
using namespace ionsift;

namespace {

/// Two structures, each in its own fold, and one variant of one member.
struct Example {
  learn::CrossValidationOptions options;
  dataset::Folds folds{{"3", "8"}, {0, 1}};
  dataset::FeatureSet structures;
  learn::CrossValidation result;

  Example() {
    structures.id = {"x,1", "y"};
    structures.conductivity = {1e-7, 2e-3};
    structures.label = {0, 1};
    learn::Variant variant{"CAMN:V0", {}};
    variant.plan.seeds = 1;
    variant.plan.configurations.resize(1);
    options.variants = {variant};
    learn::VariantResult scored;
    scored.folds.resize(2);
    scored.folds[0].validated = 1;
    scored.folds[0].members.resize(1);
    scored.folds[0].members[0].mcc = 0.25;
    scored.folds[0].ensemble.auc_pr = std::nan("");
    scored.folds[0].best = learn::AtEpoch{46, 0.91, 0.9, 0.7};
    scored.curves = {{{1, 0.5, 0.6, 0.7, 0.1}, {2, 0.4, 0.65, 0.75, 0.2}}, {}};
    scored.structure = {0, 1};
    scored.label = {0, 1};
    scored.fold = {0, 1};
    scored.probability = {0.125, 0.75};
    scored.sd = {0.01, 0.02};
    scored.d_training = {0.5, 1.5};
    scored.best.mean.auc_pr = 0.912;
    scored.best.sd.auc_pr = 0.034;
    scored.pooled.average_precision = 0.87;
    scored.intervals.low.average_precision = 0.81;
    scored.intervals.high.average_precision = 0.93;
    result.variants = {scored};
    result.controls.resize(2);
  }

  report::CrossValidationDocument document() const {
    return {result, options, folds, structures, "fold", std::vector<dataset::LeakReport>(2), {}};
  }
};

} // namespace

TEST_CASE("the tables of a cross-validation can be read back") {
  const Example example;
  const auto folder = test::scratch("tables");
  report::write_crossvalidation(folder, example.document());

  const auto predictions = CsvTable::read(folder / "predictions.csv");
  REQUIRE(predictions.size() == 2);
  CHECK(predictions.cell(0, predictions.column("id")) == "x,1");
  CHECK(predictions.cell(1, predictions.column("fold")) == "8");
  CHECK(predictions.cell(1, predictions.column("P_SI")) == "0.75");
  CHECK(predictions.cell(1, predictions.column("conductivity")) == "0.002");
  CHECK(predictions.cell(0, predictions.column("d_training")) == "0.5");

  const auto scores = CsvTable::read(folder / "scores.csv");
  bool member = false, best = false, pooled = false;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const auto at = [&](const char* column) { return scores.cell(i, scores.column(column)); };
    member |= at("what") == "member" && at("fold") == "3" && at("repeat") == "0" && at("mcc") == "0.25";
    best |= at("what") == "best epoch" && at("fold") == "3" && at("epoch") == "46" &&
            at("auc_pr") == "0.91" && at("brier").empty();
    pooled |= at("what") == "ensemble high" && at("fold") == "pooled" && at("average_precision") == "0.93";
    if (at("what") == "ensemble" && at("fold") == "3") {
      CHECK(at("auc_pr").empty()); // undefined
    }
  }
  CHECK(member);
  CHECK(best);
  CHECK(pooled);

  const auto curves = CsvTable::read(folder / "curves.csv");
  REQUIRE(curves.size() == 2);
  CHECK(curves.cell(1, curves.column("auc_pr")) == "0.65");
  CHECK(std::filesystem::exists(folder / "crossvalidation.json"));
}

TEST_CASE("the document of a cross-validation") {
  Example example;
  auto document = example.document();
  document.leaks[1].entries[static_cast<std::size_t>(dataset::LeakKind::composition)] = 4;
  const auto json = report::to_json(document);
  CHECK(json["by"] == "fold");
  CHECK(json["folds"][1]["name"] == "8");
  CHECK(json["folds"][1]["also_trained_on"]["composition"]["entries"] == 4);
  const auto& variant = json["variants"][0];
  CHECK(variant["name"] == "CAMN:V0");
  CHECK(variant["folds"][0]["best_epoch"]["epoch"] == 46);
  CHECK(variant["folds"][1]["best_epoch"].is_null());
  CHECK(variant["folds"][0]["ensemble"]["auc_pr"]["value"].is_null());
  CHECK(variant["over_folds"]["best_epoch"]["auc_pr"]["mean"] == 0.912);
  CHECK(variant["pooled"]["scores"]["average_precision"]["low"] == 0.81);
}

TEST_CASE("leaks come before scores, published scores are beside their variant") {
  Example example;
  auto document = example.document();
  document.published = {{"AS-CAMN-V0", 0.8935, 0.0361, 0.7516, std::nan("")}};
  std::ostringstream out;
  report::print_crossvalidation(out, document);
  const auto text = out.str();
  CHECK(text.find("same structure") < text.find("0.912 ± 0.034"));
  CHECK_THAT(text, Contains("0.912 ± 0.034") && Contains("0.893 ± 0.036") && Contains("0.752"));
  CHECK(text.find("0.752 ±") == std::string::npos);
  CHECK_THAT(text, Contains("0.870 (0.810 .. 0.930)"));
}

TEST_CASE("published scores are read by kind of evaluation") {
  const auto path = test::scratch("published") / "published.csv";
  std::ofstream(path) << "evaluation,model,auc_pr,auc_pr_sd,mcc,mcc_sd\n"
                         "kfold,AS-CAN-V0,0.8951,0.0423,0.7426,0.0433\nloco,AS-CAMN-V1,0.86,,0.61,\n";
  const auto loco = report::read_published(path, "loco");
  REQUIRE(loco.size() == 1);
  CHECK(loco[0].model == "AS-CAMN-V1");
  CHECK(loco[0].auc_pr == 0.86);
  CHECK(std::isnan(loco[0].auc_pr_sd));
  CHECK(report::read_published(path, "test").empty());
  std::ofstream(path) << "evaluation,model,auc_pr,auc_pr_sd,mcc,mcc_sd\nkfold,m,good,,,\n";
  CHECK_THROWS_AS(report::read_published(path, "kfold"), Error);
}
