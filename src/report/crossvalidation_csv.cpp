// SPDX-License-Identifier: BSD-3-Clause
// The tables of a cross-validation that other programs read.
#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/report/crossvalidation_tables.hpp"

#include "text_table.hpp"

#include <fmt/format.h>

#include <cmath>
#include <ostream>

namespace ionsift::report {

namespace {

using learn::Scores;

std::string number(double value) {
  return std::isnan(value) ? "" : fmt::format("{:.6g}", value);
}

/// Writes rows of scores.csv of one variant and share.
class ScoreRows {
public:
  ScoreRows(std::ostream& out, const CrossValidationDocument& document, const learn::VariantResult& variant)
      : out_(out), document_(document), variant_(variant) {}

  static std::vector<std::string> header() {
    std::vector<std::string> cells = {"variant", "share", "fold",     "what",      "configuration",
                                      "repeat",  "epoch", "training", "validated", "positive"};
    for (const auto& name : learn::score_names) {
      cells.emplace_back(name.key);
    }
    return cells;
  }

  void write() {
    for (std::size_t f = 0; f < variant_.folds.size(); ++f) {
      write_fold(f);
    }
    write_all();
  }

private:
  void write_fold(std::size_t f) {
    const auto& fold = variant_.folds[f];
    fold_ = document_.folds.name[f];
    sizes_ = {std::to_string(fold.training), std::to_string(fold.validated), std::to_string(fold.positive)};
    const auto& plan = document_.options.variants[static_cast<std::size_t>(variant_.variant)].plan;
    const auto numbers = plan.members();
    for (std::size_t m = 0; m < fold.members.size(); ++m) {
      row("member", fold.members[m], "", std::to_string(numbers[m].configuration),
          std::to_string(numbers[m].repeat));
    }
    row("members mean", fold.spread.mean);
    row("members sd", fold.spread.sd);
    epoch_row("best epoch", fold.best);
    epoch_row("epoch of the others", fold.chosen);
    row("ensemble", fold.ensemble);
    row("ensemble low", fold.intervals.low);
    row("ensemble high", fold.intervals.high);
    const auto& controls = document_.result.controls[f];
    row("labels shuffled", controls.shuffled);
    row("labels shuffled sd", controls.shuffled_sd);
    row("training mean", controls.mean);
  }

  void write_all() {
    sizes_ = {"", std::to_string(variant_.structure.size()),
              std::to_string(std::count(variant_.label.begin(), variant_.label.end(), 1))};
    const auto both = [&](const std::string& what, const learn::ScoreSpread& spread) {
      fold_ = "mean";
      row(what, spread.mean);
      fold_ = "sd";
      row(what, spread.sd);
    };
    both("members mean", variant_.members);
    both("best epoch", variant_.best);
    both("epoch of the others", variant_.chosen);
    both("ensemble", variant_.ensemble);
    fold_ = "pooled";
    row("ensemble", variant_.pooled);
    row("ensemble low", variant_.intervals.low);
    row("ensemble high", variant_.intervals.high);
  }

  void epoch_row(const std::string& what, const std::optional<learn::AtEpoch>& at) {
    if (at) {
      Scores scores = nothing();
      scores.auc_pr = at->auc_pr;
      scores.average_precision = at->average_precision;
      scores.mcc = at->mcc;
      row(what, scores, number(at->epoch));
    }
  }

  void row(const std::string& what, const Scores& scores, const std::string& epoch = "",
           const std::string& configuration = "", const std::string& repeat = "") {
    std::vector<std::string> cells = {
        document_.options.variants[static_cast<std::size_t>(variant_.variant)].name,
        number(document_.options.shares[static_cast<std::size_t>(variant_.share)]),
        fold_,
        what,
        configuration,
        repeat,
        epoch};
    cells.insert(cells.end(), sizes_.begin(), sizes_.end());
    for (const auto& name : learn::score_names) {
      cells.push_back(number(scores.*name.value));
    }
    write_csv_row(out_, cells);
  }

  static Scores nothing() {
    Scores scores;
    for (const auto& name : learn::score_names) {
      scores.*name.value = std::nan("");
    }
    return scores;
  }

  std::ostream& out_;
  const CrossValidationDocument& document_;
  const learn::VariantResult& variant_;
  std::string fold_;
  std::vector<std::string> sizes_;
};

void write_curves(std::ostream& out, const CrossValidationDocument& document) {
  write_csv_row(out, {"variant", "share", "fold", "epoch", "loss", "auc_pr", "average_precision", "mcc"});
  for (const auto& variant : document.result.variants) {
    const auto& name = document.options.variants[static_cast<std::size_t>(variant.variant)].name;
    const auto share = number(document.options.shares[static_cast<std::size_t>(variant.share)]);
    for (std::size_t f = 0; f < variant.curves.size(); ++f) {
      for (const auto& p : variant.curves[f]) {
        write_csv_row(out, {name, share, document.folds.name[f], std::to_string(p.epoch), number(p.loss),
                            number(p.auc_pr), number(p.average_precision), number(p.mcc)});
      }
    }
  }
}

void write_predictions(std::ostream& out, const CrossValidationDocument& document) {
  write_csv_row(out, {"variant", "share", "fold", "id", "label", "conductivity", "P_SI", "SD", "d_training"});
  for (const auto& variant : document.result.variants) {
    const auto& name = document.options.variants[static_cast<std::size_t>(variant.variant)].name;
    const auto share = number(document.options.shares[static_cast<std::size_t>(variant.share)]);
    for (std::size_t i = 0; i < variant.structure.size(); ++i) {
      const auto s = variant.structure[i];
      write_csv_row(out, {name, share, document.folds.name[static_cast<std::size_t>(variant.fold[i])],
                          document.structures.id[s], std::to_string(variant.label[i]),
                          number(document.structures.conductivity[s]), number(variant.probability[i]),
                          number(variant.sd[i]), number(variant.d_training[i])});
    }
  }
}

} // namespace

void write_crossvalidation(const std::filesystem::path& folder, const CrossValidationDocument& document) {
  const auto json = to_json(document);
  write_file_atomically(folder / "crossvalidation.json",
                        [&](std::ostream& out) { out << json.dump(1) << '\n'; });
  write_file_atomically(folder / "scores.csv", [&](std::ostream& out) {
    write_csv_row(out, ScoreRows::header());
    for (const auto& variant : document.result.variants) {
      ScoreRows(out, document, variant).write();
    }
  });
  write_file_atomically(folder / "curves.csv", [&](std::ostream& out) { write_curves(out, document); });
  write_file_atomically(folder / "predictions.csv",
                        [&](std::ostream& out) { write_predictions(out, document); });
}

} // namespace ionsift::report
