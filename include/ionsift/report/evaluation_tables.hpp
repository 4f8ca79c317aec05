// Scores of an evaluation as text and JSON.
#pragma once

#include "ionsift/learn/evaluation.hpp"

#include <nlohmann/json.hpp>

#include <iosfwd>

namespace ionsift::report {

using learn::Evaluation;

/// {"set", "structures", "positive", "scores": {"auc_pr": {"value", "low", "high", "shuffled",
/// "shuffled_sd", "mean_control"}, ...}, "predictions": [{"id", "label", "conductivity", "P_SI", "SD"}]}.
/// Undefined scores are null.
nlohmann::json to_json(const Evaluation& evaluation);

/// Scores with their intervals, and the controls beside them, as aligned text.
void print_evaluation(std::ostream& out, const Evaluation& evaluation);

} // namespace ionsift::report
