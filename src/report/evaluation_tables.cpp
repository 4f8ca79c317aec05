#include "ionsift/report/evaluation_tables.hpp"

#include "text_table.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <ostream>

namespace ionsift::report {

namespace {

/// One score: how it is spelled, and where it is in each of the structures that hold it.
struct ScoreName {
  const char* key;
  const char* title;
  double learn::Scores::*value;
  learn::Interval learn::ScoreIntervals::*interval;
};

constexpr std::array score_names = {
    ScoreName{"auc_pr", "AUC-PR", &learn::Scores::auc_pr, &learn::ScoreIntervals::auc_pr},
    ScoreName{"average_precision", "average precision", &learn::Scores::average_precision,
              &learn::ScoreIntervals::average_precision},
    ScoreName{"mcc", "MCC", &learn::Scores::mcc, &learn::ScoreIntervals::mcc},
    ScoreName{"roc_auc", "ROC-AUC", &learn::Scores::roc_auc, &learn::ScoreIntervals::roc_auc},
    ScoreName{"brier", "Brier score", &learn::Scores::brier, &learn::ScoreIntervals::brier},
};

nlohmann::json number_or_null(double value) {
  return std::isnan(value) ? nlohmann::json() : nlohmann::json(value);
}

nlohmann::json predictions_json(const Evaluation& evaluation) {
  nlohmann::json predictions = nlohmann::json::array();
  for (std::size_t i = 0; i < evaluation.id.size(); ++i) {
    predictions.push_back({{"id", evaluation.id[i]},
                           {"label", evaluation.label[i]},
                           {"conductivity", number_or_null(evaluation.conductivity[i])},
                           {"P_SI", number_or_null(evaluation.probability[i])},
                           {"SD", number_or_null(evaluation.sd[i])}});
  }
  return predictions;
}

} // namespace

nlohmann::json to_json(const Evaluation& evaluation) {
  nlohmann::json scores;
  for (const auto& name : score_names) {
    const auto& interval = evaluation.intervals.*name.interval;
    scores[name.key] = {{"value", number_or_null(evaluation.scores.*name.value)},
                        {"low", number_or_null(interval.low)},
                        {"high", number_or_null(interval.high)},
                        {"shuffled", number_or_null(evaluation.controls.shuffled.*name.value)},
                        {"shuffled_sd", number_or_null(evaluation.controls.shuffled_sd.*name.value)},
                        {"mean_control", number_or_null(evaluation.controls.mean.*name.value)}};
  }
  return {{"set", evaluation.set},
          {"structures", evaluation.structures},
          {"positive", evaluation.positive},
          {"scores", scores},
          {"predictions", predictions_json(evaluation)}};
}

void print_evaluation(std::ostream& out, const Evaluation& evaluation) {
  out << fmt::format("set {}: {} structures, {} superionic\n\n", evaluation.set, evaluation.structures,
                     evaluation.positive);
  TextTable table({"score", "ensemble", "95 % interval", "labels shuffled", "training mean"},
                  {Align::left, Align::right, Align::right, Align::right, Align::right});
  for (const auto& name : score_names) {
    const auto& interval = evaluation.intervals.*name.interval;
    table.add(
        {name.title, format_number(evaluation.scores.*name.value, 3, "-"),
         fmt::format("{} .. {}", format_number(interval.low, 3, "-"), format_number(interval.high, 3, "-")),
         fmt::format("{} ± {}", format_number(evaluation.controls.shuffled.*name.value, 3, "-"),
                     format_number(evaluation.controls.shuffled_sd.*name.value, 3, "-")),
         format_number(evaluation.controls.mean.*name.value, 3, "-")});
  }
  table.print(out);
}

} // namespace ionsift::report
