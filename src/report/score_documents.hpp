// SPDX-License-Identifier: BSD-3-Clause
// Scores, calibration and strata as JSON and as text, for the documents of evaluate and crossvalidate.
#pragma once

#include "ionsift/dataset/pairs/leaks.hpp"
#include "ionsift/learn/metrics/calibration.hpp"
#include "ionsift/learn/metrics/strata.hpp"

#include <nlohmann/json.hpp>

#include <iosfwd>
#include <string>
#include <vector>

namespace ionsift::report {

/// NaN as null.
nlohmann::json number_or_null(double value);

/// {"auc_pr": ..., ...}.
nlohmann::json to_json(const learn::Scores& scores);
/// {"auc_pr": {"value", "low", "high"}, ...}.
nlohmann::json to_json(const learn::Scores& scores, const learn::ScoreIntervals& intervals);
/// {"auc_pr": {"mean", "sd"}, ...}.
nlohmann::json to_json(const learn::ScoreSpread& spread);
/// {"expected_error", "brier", "reliability", "resolution", "uncertainty", "remainder", "bins": [...]}.
nlohmann::json to_json(const learn::Calibration& calibration);
/// [{"structures", "positive", "low", "high", "mean", "P_SI", "absolute_error", "scores"}].
nlohmann::json to_json(const std::vector<learn::Stratum>& strata);
/// {"pearson": {"value", "low", "high"}, "spearman", "strata"}.
nlohmann::json to_json(const learn::SpreadAgainstError& check);
/// {"id": {"entries", "pairs"}, "icsd", "structure", "composition", "dopant", "doi", "entries_of_any_kind",
/// "table_entries": the same of what was trained on without a structure}.
nlohmann::json to_json(const dataset::LeakReport& leaks);

/// "0.610 (0.503 .. 0.712)".
std::string with_interval(double value, double low, double high, int decimals = 3);

/// Aligned tables with a line of explanation each.
void print(std::ostream& out, const learn::Calibration& calibration);
void print(std::ostream& out, const learn::SpreadAgainstError& check);
/// @param name of the number by which the strata are made, for example "d_training"
void print(std::ostream& out, const std::string& name, const std::vector<learn::Stratum>& strata);

} // namespace ionsift::report
