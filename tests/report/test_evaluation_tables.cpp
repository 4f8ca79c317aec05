// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/report/evaluation_tables.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <sstream>

using Catch::Matchers::Contains;
using namespace ionsift;

namespace {

report::Evaluation evaluation() {
  report::Evaluation result;
  result.set = "test";
  result.structures = 3;
  result.positive = 1;
  result.scores = {0.81, 0.79, 0.62, 0.9, 0.11, 0.75, 0.6};
  result.intervals.low.auc_pr = 0.7;
  result.intervals.high.auc_pr = 0.92;
  result.intervals.low.brier = 0.08;
  result.intervals.high.brier = 0.15;
  result.controls.shuffled.auc_pr = 0.31;
  result.controls.shuffled_sd.auc_pr = 0.07;
  result.controls.mean.roc_auc = std::nan("");
  result.id = {"a", "b", "c"};
  result.label = {0, 1, 0};
  result.conductivity = {1e-9, 1e-3, 1e-6};
  result.probability = {0.1, 0.9, 0.3};
  result.sd = {0.01, 0.02, 0.03};
  result.d_training = {0.5, 1.25, 0.75};
  result.calibration = learn::calibrate(result.label, result.probability, 1, {20, 0.95, 1});
  result.by_distance = learn::stratify(result.label, result.probability, result.d_training, 1, {20, 0.95, 1});
  result.spread_against_error =
      learn::spread_against_error(result.label, result.probability, result.sd, 1, {20, 0.95, 1});
  return result;
}

dataset::LeakReport leaks() {
  dataset::LeakReport result;
  result.entries[static_cast<std::size_t>(dataset::LeakKind::structure)] = 2;
  return result;
}

} // namespace

TEST_CASE("an evaluation as JSON has scores, intervals, controls and predictions") {
  const auto json = report::to_json(evaluation(), leaks());
  CHECK(json["set"] == "test");
  CHECK(json["positive"] == 1);
  const auto& auc_pr = json["scores"]["auc_pr"];
  CHECK(auc_pr["value"] == 0.81);
  CHECK(auc_pr["low"] == 0.7);
  CHECK(auc_pr["high"] == 0.92);
  CHECK(auc_pr["shuffled"] == 0.31);
  CHECK(auc_pr["shuffled_sd"] == 0.07);
  CHECK(json["scores"]["brier"]["value"] == 0.11);
  CHECK(json["scores"]["brier"]["high"] == 0.15);
  CHECK(json["scores"]["roc_auc"]["mean_control"].is_null());
  REQUIRE(json["predictions"].size() == 3);
  CHECK(json["predictions"][1]["id"] == "b");
  CHECK(json["predictions"][1]["P_SI"] == 0.9);
  CHECK(json["predictions"][1]["SD"] == 0.02);
  CHECK(json["predictions"][1]["d_training"] == 1.25);
  CHECK(json["also_trained_on"]["structure"]["entries"] == 2);
  CHECK(json["calibration"]["bins"][0]["structures"] == 3);
  CHECK(json["calibration"]["expected_error"]["value"].get<double>() == Approx(std::abs(1.3 - 1) / 3));
  CHECK(json["by_d_training"][0]["high"] == 1.25);
  CHECK(json["sd_against_error"]["strata"][0]["low"] == 0.01);
  CHECK(json["sd_against_error"]["spearman"]["value"].get<double>() == Approx(0.5));
}

TEST_CASE("an evaluation as text has its controls beside the scores") {
  std::ostringstream out;
  report::print_evaluation(out, evaluation(), leaks());
  CHECK_THAT(out.str(), Contains("3 structures, 1 superionic; 0 have the ICSD number, 2 the structure"));
  CHECK(out.str().find("2 the structure") < out.str().find("0.810"));
  CHECK_THAT(out.str(), Contains("calibration: expected error 0.100") && Contains("d_training from .. to") &&
                            Contains("SD against |P_SI - class|"));
  std::istringstream lines(out.str());
  std::string line;
  while (std::getline(lines, line) && line.find("AUC-PR") == std::string::npos) {
  }
  CHECK_THAT(line, Contains("0.810") && Contains("0.700 .. 0.920") && Contains("0.310 ± 0.070"));
}
