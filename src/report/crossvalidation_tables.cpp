// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/report/crossvalidation_tables.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"

#include "score_documents.hpp"
#include "text_table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>

namespace ionsift::report {

namespace {

const std::string& name_of(const CrossValidationDocument& document, const learn::VariantResult& variant) {
  return document.options.variants[static_cast<std::size_t>(variant.variant)].name;
}

double share_of(const CrossValidationDocument& document, const learn::VariantResult& variant) {
  return document.options.shares[static_cast<std::size_t>(variant.share)];
}

nlohmann::json to_json(const std::optional<learn::AtEpoch>& at) {
  if (!at) {
    return {};
  }
  return {{"epoch", at->epoch},
          {"auc_pr", number_or_null(at->auc_pr)},
          {"average_precision", number_or_null(at->average_precision)},
          {"mcc", number_or_null(at->mcc)}};
}

nlohmann::json fold_json(const learn::FoldResult& fold) {
  auto members = nlohmann::json::array();
  for (const auto& scores : fold.members) {
    members.push_back(report::to_json(scores));
  }
  return {{"training", fold.training},
          {"training_positive", fold.training_positive},
          {"validated", fold.validated},
          {"positive", fold.positive},
          {"members", std::move(members)},
          {"members_spread", report::to_json(fold.spread)},
          {"best_epoch", to_json(fold.best)},
          {"epoch_of_the_others", to_json(fold.chosen)},
          {"ensemble", report::to_json(fold.ensemble, fold.intervals)},
          {"threshold_of_the_others", fold.threshold},
          {"mcc_at_that_threshold", number_or_null(fold.mcc_at_threshold)}};
}

nlohmann::json variant_json(const CrossValidationDocument& document, const learn::VariantResult& variant) {
  auto folds = nlohmann::json::array();
  for (const auto& fold : variant.folds) {
    folds.push_back(fold_json(fold));
  }
  nlohmann::json json = {{"name", name_of(document, variant)},
                         {"share", share_of(document, variant)},
                         {"diverged", variant.diverged},
                         {"folds", std::move(folds)},
                         {"over_folds",
                          {{"members_mean", report::to_json(variant.members)},
                           {"best_epoch", report::to_json(variant.best)},
                           {"epoch_of_the_others", report::to_json(variant.chosen)},
                           {"ensemble", report::to_json(variant.ensemble)}}},
                         {"pooled",
                          {{"structures", variant.structure.size()},
                           {"scores", report::to_json(variant.pooled, variant.intervals)},
                           {"calibration", report::to_json(variant.calibration)},
                           {"by_d_training", report::to_json(variant.by_distance)},
                           {"sd_against_error", report::to_json(variant.spread_against_error)}}}};
  if (variant.against_first) {
    json["pooled"]["minus_first_variant"] =
        report::to_json(variant.against_first->difference, variant.against_first->intervals);
  }
  return json;
}

/// Without a spread where none is known.
std::string mean_and_sd(double mean, double sd) {
  return std::isnan(sd) ? format_number(mean, 3, "-") : fmt::format("{:.3f} ± {:.3f}", mean, sd);
}

std::string mean_and_sd(const learn::ScoreSpread& spread, double learn::Scores::*value) {
  return mean_and_sd(spread.mean.*value, spread.sd.*value);
}

void print_folds(std::ostream& out, const CrossValidationDocument& document) {
  out << fmt::format("what is validated by {}, and how much of it is trained on too (entries of the fold)\n",
                     document.by);
  TextTable table({document.by, "training", "validated", "superionic", "same id", "same ICSD number",
                   "same structure", "same composition", "but for traces", "same DOI",
                   "same as a table entry", "AUC-PR shuffled", "AP shuffled", "MCC shuffled"},
                  {Align::left, Align::right, Align::right, Align::right, Align::right, Align::right,
                   Align::right, Align::right, Align::right, Align::right, Align::right, Align::right,
                   Align::right, Align::right});
  for (std::size_t f = 0; f < document.folds.name.size(); ++f) {
    const auto& fold = document.result.variants.front().folds[f];
    const auto entries = [&](dataset::LeakKind kind) {
      return std::to_string(document.leaks[f].entries[static_cast<std::size_t>(kind)]);
    };
    const learn::ScoreSpread shuffled{document.result.controls[f].shuffled,
                                      document.result.controls[f].shuffled_sd};
    table.add({document.folds.name[f], std::to_string(document.folds.trained(static_cast<int>(f)).size()),
               std::to_string(fold.validated), std::to_string(fold.positive), entries(dataset::LeakKind::id),
               entries(dataset::LeakKind::icsd), entries(dataset::LeakKind::structure),
               entries(dataset::LeakKind::composition), entries(dataset::LeakKind::dopant),
               entries(dataset::LeakKind::doi), std::to_string(document.leaks[f].by_table_of_any_kind),
               mean_and_sd(shuffled, &learn::Scores::auc_pr),
               mean_and_sd(shuffled, &learn::Scores::average_precision),
               mean_and_sd(shuffled, &learn::Scores::mcc)});
  }
  table.print(out);
}

/// The published score of a variant: "AS-CAMN-V0" is that of "CAMN:V0".
PublishedScore published_for(const CrossValidationDocument& document, const std::string& variant) {
  std::string wanted = "AS-" + variant;
  std::replace(wanted.begin(), wanted.end(), ':', '-');
  const auto found = std::find_if(document.published.begin(), document.published.end(),
                                  [&](const auto& p) { return p.model == wanted; });
  constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
  return found == document.published.end() ? PublishedScore{wanted, nothing, nothing, nothing, nothing}
                                           : *found;
}

void print_members(std::ostream& out, const CrossValidationDocument& document) {
  out << "\nsingle members: mean over repeats, then mean ± sd over folds. \"best\" is the epoch that a fold "
         "itself likes best\nand flatters, \"others\" the epoch that the other folds like best, \"last\" the "
         "last one\n";
  TextTable table({"variant", "share", "AUC-PR best", "others", "last", "published", "MCC best", "others",
                   "last", "published"},
                  {Align::left, Align::right, Align::right, Align::right, Align::right, Align::right,
                   Align::right, Align::right, Align::right, Align::right});
  for (const auto& variant : document.result.variants) {
    const auto published = published_for(document, name_of(document, variant));
    constexpr auto auc_pr = &learn::Scores::auc_pr;
    constexpr auto mcc = &learn::Scores::mcc;
    table.add({name_of(document, variant), fmt::format("{:g}", share_of(document, variant)),
               mean_and_sd(variant.best, auc_pr), mean_and_sd(variant.chosen, auc_pr),
               mean_and_sd(variant.members, auc_pr), mean_and_sd(published.auc_pr, published.auc_pr_sd),
               mean_and_sd(variant.best, mcc), mean_and_sd(variant.chosen, mcc),
               mean_and_sd(variant.members, mcc), mean_and_sd(published.mcc, published.mcc_sd)});
  }
  table.print(out);
}

void print_ensembles(std::ostream& out, const CrossValidationDocument& document) {
  out << fmt::format("\nensembles: mean of the members; all folds pooled, with {:g} % intervals; the last "
                     "column is against the first line of its share\n",
                     100 * document.options.resampling.confidence);
  TextTable table({"variant", "share", "AUC-PR by fold", "AUC-PR", "average precision", "MCC",
                   "MCC, others' cut", "ROC-AUC", "Brier", "ECE", "difference in AP"},
                  {Align::left, Align::right, Align::right, Align::right, Align::right, Align::right,
                   Align::right, Align::right, Align::right, Align::right, Align::right});
  for (const auto& variant : document.result.variants) {
    const auto score = [&](double learn::Scores::*value) {
      return with_interval(variant.pooled.*value, variant.intervals.low.*value,
                           variant.intervals.high.*value);
    };
    double cut_mcc = 0, n = 0;
    for (const auto& fold : variant.folds) {
      if (!std::isnan(fold.mcc_at_threshold)) {
        cut_mcc += fold.mcc_at_threshold;
        ++n;
      }
    }
    std::string difference = "-";
    if (variant.against_first) {
      const auto& against = *variant.against_first;
      difference =
          with_interval(against.difference.average_precision, against.intervals.low.average_precision,
                        against.intervals.high.average_precision);
    }
    table.add({name_of(document, variant), fmt::format("{:g}", share_of(document, variant)),
               mean_and_sd(variant.ensemble, &learn::Scores::auc_pr), score(&learn::Scores::auc_pr),
               score(&learn::Scores::average_precision), score(&learn::Scores::mcc),
               n > 0 ? fmt::format("{:.3f}", cut_mcc / n) : "-", score(&learn::Scores::roc_auc),
               format_number(variant.pooled.brier, 3, "-"),
               format_number(variant.calibration.expected_error, 3, "-"), difference});
  }
  table.print(out);
}

double published_number(const CsvTable& table, std::size_t row, const std::string& column) {
  const std::string text(trim(table.cell(row, table.column(column))));
  if (text.empty()) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const auto value = parse_number(text);
  IONSIFT_VALIDATE(value, data,
                   fmt::format("{}: {} of row {} is \"{}\"", table.name(), column, row + 1, text),
                   "a number was expected, or nothing where there is none", "Correct it.");
  return *value;
}

} // namespace

std::vector<PublishedScore> read_published(const std::filesystem::path& path, const std::string& evaluation) {
  const auto table = CsvTable::read(path);
  const auto kind = table.column("evaluation");
  const auto model = table.column("model");
  std::vector<PublishedScore> scores;
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (trim(table.cell(i, kind)) == evaluation) {
      scores.push_back({std::string(trim(table.cell(i, model))), published_number(table, i, "auc_pr"),
                        published_number(table, i, "auc_pr_sd"), published_number(table, i, "mcc"),
                        published_number(table, i, "mcc_sd")});
    }
  }
  return scores;
}

nlohmann::json to_json(const CrossValidationDocument& document) {
  auto folds = nlohmann::json::array();
  for (std::size_t f = 0; f < document.folds.name.size(); ++f) {
    const auto& controls = document.result.controls[f];
    folds.push_back({{"name", document.folds.name[f]},
                     {"structures", document.folds.validated(static_cast<int>(f)).size()},
                     {"also_trained_on", report::to_json(document.leaks[f])},
                     {"controls",
                      {{"shuffled", report::to_json({controls.shuffled, controls.shuffled_sd})},
                       {"training_mean", report::to_json(controls.mean)}}}});
  }
  nlohmann::json plans;
  for (const auto& variant : document.options.variants) {
    plans[variant.name] = variant.plan.to_json();
  }
  auto variants = nlohmann::json::array();
  for (const auto& variant : document.result.variants) {
    variants.push_back(variant_json(document, variant));
  }
  return {{"by", document.by},
          {"structures", document.structures.size()},
          {"seed", document.options.seed},
          {"draws", document.options.resampling.draws},
          {"confidence", document.options.resampling.confidence},
          {"best_epoch",
           {{"after", document.options.best_epoch.after}, {"window", document.options.best_epoch.window}}},
          {"plans", std::move(plans)},
          {"folds", std::move(folds)},
          {"variants", std::move(variants)}};
}

void print_crossvalidation(std::ostream& out, const CrossValidationDocument& document) {
  print_folds(out, document);
  print_members(out, document);
  print_ensembles(out, document);
}

} // namespace ionsift::report
