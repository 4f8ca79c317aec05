// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/report/evaluation_tables.hpp"

#include "score_documents.hpp"
#include "text_table.hpp"

#include <fmt/format.h>

#include <cmath>
#include <ostream>

namespace ionsift::report {

namespace {

nlohmann::json predictions_json(const Evaluation& evaluation) {
  nlohmann::json predictions = nlohmann::json::array();
  for (std::size_t i = 0; i < evaluation.id.size(); ++i) {
    predictions.push_back({{"id", evaluation.id[i]},
                           {"label", evaluation.label[i]},
                           {"conductivity", number_or_null(evaluation.conductivity[i])},
                           {"P_SI", number_or_null(evaluation.probability[i])},
                           {"SD", number_or_null(evaluation.sd[i])},
                           {"d_training", number_or_null(evaluation.d_training[i])}});
  }
  return predictions;
}

} // namespace

nlohmann::json to_json(const Evaluation& evaluation, const dataset::LeakReport& leaks) {
  nlohmann::json scores;
  for (const auto& name : learn::score_names) {
    scores[name.key] = {{"value", number_or_null(evaluation.scores.*name.value)},
                        {"low", number_or_null(evaluation.intervals.low.*name.value)},
                        {"high", number_or_null(evaluation.intervals.high.*name.value)},
                        {"shuffled", number_or_null(evaluation.controls.shuffled.*name.value)},
                        {"shuffled_sd", number_or_null(evaluation.controls.shuffled_sd.*name.value)},
                        {"mean_control", number_or_null(evaluation.controls.mean.*name.value)}};
  }
  return {{"set", evaluation.set},
          {"structures", evaluation.structures},
          {"positive", evaluation.positive},
          {"confidence", evaluation.resampling.confidence},
          {"draws", evaluation.resampling.draws},
          {"seed", evaluation.resampling.seed},
          {"scores", scores},
          {"also_trained_on", to_json(leaks)},
          {"calibration", to_json(evaluation.calibration)},
          {"by_d_training", to_json(evaluation.by_distance)},
          {"sd_against_error", to_json(evaluation.spread_against_error)},
          {"predictions", predictions_json(evaluation)}};
}

void print_evaluation(std::ostream& out, const Evaluation& evaluation, const dataset::LeakReport& leaks) {
  const auto entries = [&](dataset::LeakKind kind) { return leaks.entries[static_cast<std::size_t>(kind)]; };
  out << fmt::format(
      "set {}: {} structures, {} superionic; {} have the ICSD number, {} the structure and {} the "
      "composition of one that was trained on, {} the composition of a table entry\n\n",
      evaluation.set, evaluation.structures, evaluation.positive, entries(dataset::LeakKind::icsd),
      entries(dataset::LeakKind::structure), entries(dataset::LeakKind::composition), leaks.entries_by_table);
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
  out << '\n';
  print(out, evaluation.calibration);
  out << '\n';
  print(out, "d_training", evaluation.by_distance);
  out << '\n';
  print(out, evaluation.spread_against_error);
}

} // namespace ionsift::report
