// Scores of an evaluation as text and JSON.
#pragma once

#include "ionsift/learn/scores.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

namespace ionsift::report {

struct Evaluation {
  std::string set;
  std::size_t structures = 0, positive = 0;
  learn::Scores scores;
  learn::ScoreIntervals intervals; ///< 95 %
  learn::Controls controls;
  std::vector<std::string> id; ///< of the structures, as the vectors below
  std::vector<int> label;
  std::vector<double> conductivity, probability, sd;
};

/// {"set", "structures", "positive", "scores": {"auc_pr": {"value", "low", "high", "shuffled",
/// "shuffled_sd", "mean_control"}, ...}, "predictions": [{"id", "label", "conductivity", "P_SI", "SD"}]}.
/// Undefined scores are null.
nlohmann::json to_json(const Evaluation& evaluation);

/// Scores with their intervals, and the controls beside them, as aligned text.
void print_evaluation(std::ostream& out, const Evaluation& evaluation);

} // namespace ionsift::report
