// Scores of an evaluation as text and JSON.
#pragma once

#include "ionsift/learn/evaluation.hpp"

#include <nlohmann/json.hpp>

#include <iosfwd>

namespace ionsift::report {

using learn::Evaluation;

/// Scores, intervals, controls and one record for each structure.
nlohmann::json to_json(const Evaluation& evaluation);
void print_evaluation(std::ostream& out, const Evaluation& evaluation);

} // namespace ionsift::report
