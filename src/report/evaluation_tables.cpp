// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/report/evaluation_tables.hpp"

#include "score_documents.hpp"
#include "text_table.hpp"

#include <fmt/ranges.h>

#include <cmath>
#include <ostream>

namespace ionsift::report {

namespace {

nlohmann::json predictions_json(const Evaluation& evaluation) {
  nlohmann::json predictions = nlohmann::json::array();
  for (std::size_t i = 0; i < evaluation.id.size(); ++i) {
    nlohmann::json row = {{"id", evaluation.id[i]},
                          {"label", evaluation.label[i]},
                          {"conductivity", number_or_null(evaluation.conductivity[i])},
                          {"P_SI", number_or_null(evaluation.probability[i])},
                          {"SD", number_or_null(evaluation.sd[i])}};
    // All members judge structures; of entries without one, which have no d_training, some abstain.
    if (evaluation.d_training.empty()) {
      row["members"] = evaluation.judges.at(i);
    } else {
      row["d_training"] = number_or_null(evaluation.d_training[i]);
    }
    predictions.push_back(std::move(row));
  }
  return predictions;
}

nlohmann::json document_of(const Evaluation& evaluation, const dataset::LeakReport& leaks) {
  auto document = scores_json(evaluation);
  document["set"] = evaluation.set;
  document["confidence"] = evaluation.resampling.confidence;
  document["draws"] = evaluation.resampling.draws;
  document["seed"] = evaluation.resampling.seed;
  document["also_trained_on"] = to_json(leaks);
  document["calibration"] = to_json(evaluation.calibration);
  document["sd_against_error"] = to_json(evaluation.spread_against_error);
  document["predictions"] = predictions_json(evaluation);
  return document;
}

/// "3 have the ICSD number, 0 the structure, ..."
std::string describe(const dataset::LeakReport& leaks, bool with_structures) {
  using Kind = dataset::LeakKind;
  return fmt::format(
      "{} have the ICSD number, {}{} the composition of one that was trained on, {} its composition apart "
      "from traces, {} its publication (DOI)",
      leaks.entries_by(Kind::icsd),
      with_structures ? fmt::format("{} the structure and ", leaks.entries_by(Kind::structure)) : "",
      leaks.entries_by(Kind::composition), leaks.entries_by(Kind::dopant), leaks.entries_by(Kind::doi));
}

} // namespace

nlohmann::json scores_json(const Evaluation& evaluation) {
  nlohmann::json scores;
  for (const auto& name : learn::score_names) {
    scores[name.key] = {{"value", number_or_null(evaluation.scores.*name.value)},
                        {"low", number_or_null(evaluation.intervals.low.*name.value)},
                        {"high", number_or_null(evaluation.intervals.high.*name.value)},
                        {"shuffled", number_or_null(evaluation.controls.shuffled.*name.value)},
                        {"shuffled_sd", number_or_null(evaluation.controls.shuffled_sd.*name.value)},
                        {"mean_control", number_or_null(evaluation.controls.mean.*name.value)}};
  }
  return {{"structures", evaluation.structures}, {"positive", evaluation.positive}, {"scores", scores}};
}

nlohmann::json to_json(const Evaluation& evaluation, const dataset::LeakReport& leaks) {
  auto document = document_of(evaluation, leaks);
  document["by_d_training"] = to_json(evaluation.by_distance);
  return document;
}

nlohmann::json to_json(const learn::EntryEvaluation& evaluation, const dataset::LeakReport& leaks) {
  auto document = document_of(evaluation.scored, leaks);
  document["members"] = {{"judging", evaluation.judging},
                         {"abstaining", evaluation.abstaining},
                         {"judging_kinds", evaluation.judging_kinds},
                         {"abstaining_kinds", evaluation.abstaining_kinds},
                         {"share_of_weight", evaluation.share}};
  return document;
}

void print_scores(std::ostream& out, const Evaluation& evaluation) {
  TextTable table({"score", "ensemble",
                   fmt::format("{:g} % interval", 100 * evaluation.resampling.confidence), "labels shuffled",
                   "training mean"},
                  {Align::left, Align::right, Align::right, Align::right, Align::right});
  for (const auto& name : learn::score_names) {
    table.add({name.title, format_number(evaluation.scores.*name.value, 3, "-"),
               fmt::format("{} .. {}", format_number(evaluation.intervals.low.*name.value, 3, "-"),
                           format_number(evaluation.intervals.high.*name.value, 3, "-")),
               fmt::format("{} ± {}", format_number(evaluation.controls.shuffled.*name.value, 3, "-"),
                           format_number(evaluation.controls.shuffled_sd.*name.value, 3, "-")),
               format_number(evaluation.controls.mean.*name.value, 3, "-")});
  }
  table.print(out);
}

void print_evaluation(std::ostream& out, const Evaluation& evaluation, const dataset::LeakReport& leaks) {
  using Kind = dataset::LeakKind;
  out << fmt::format("set {}: {} structures, {} superionic; {}\n", evaluation.set, evaluation.structures,
                     evaluation.positive, describe(leaks, true));
  if (leaks.by_table_of_any_kind + leaks.by_table_by(Kind::doi) > 0) {
    out << fmt::format(
        "of the entries without a structure that were trained on: {} have the ICSD number, {} "
        "the composition of one, {} its composition apart from traces, {} its publication (DOI)\n",
        leaks.by_table_by(Kind::icsd), leaks.by_table_by(Kind::composition), leaks.by_table_by(Kind::dopant),
        leaks.by_table_by(Kind::doi));
  }
  out << '\n';
  print_scores(out, evaluation);
  out << '\n';
  print(out, evaluation.calibration);
  out << '\n';
  print(out, "d_training", evaluation.by_distance);
  out << '\n';
  print(out, evaluation.spread_against_error);
}

void print_evaluation(std::ostream& out, const learn::EntryEvaluation& evaluation,
                      const dataset::LeakReport& leaks) {
  const auto& scored = evaluation.scored;
  out << fmt::format("set {}: {} entries judged by their composition alone, {} superionic; {}\n", scored.set,
                     scored.structures, scored.positive, describe(leaks, false));
  out << fmt::format(
      "{} members judge ({}), {} need a structure and abstain{}; those that judge have {:.0f} % "
      "of the weight in P_SI, which is made 100 % here\n\n",
      evaluation.judging, fmt::join(evaluation.judging_kinds, ", "), evaluation.abstaining,
      evaluation.abstaining_kinds.empty()
          ? ""
          : fmt::format(" ({})", fmt::join(evaluation.abstaining_kinds, ", ")),
      100 * evaluation.share);
  print_scores(out, scored);
  out << '\n';
  print(out, scored.calibration);
  out << '\n';
  print(out, scored.spread_against_error);
}

} // namespace ionsift::report
