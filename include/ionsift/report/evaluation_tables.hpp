// Scores of an evaluation as text and JSON.
#pragma once

#include "ionsift/learn/scores.hpp"

#include <nlohmann/json.hpp>

#include <iosfwd>
#include <string>
#include <vector>

namespace ionsift::report {

struct Evaluation {
  std::string set;
  std::size_t structures = 0, positive = 0;
  learn::Scores scores;
  learn::ScoreIntervals intervals;
  learn::Controls controls;
  std::vector<std::string> id;
  std::vector<int> label;
  std::vector<double> conductivity, probability, sd;
};

nlohmann::json to_json(const Evaluation& evaluation);
void print_evaluation(std::ostream& out, const Evaluation& evaluation);

} // namespace ionsift::report
