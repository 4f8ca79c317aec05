// SPDX-License-Identifier: BSD-3-Clause
// Scores of an evaluation as text and JSON.
#pragma once

#include "ionsift/dataset/pairs/leaks.hpp"
#include "ionsift/learn/validation/evaluation.hpp"

#include <nlohmann/json.hpp>

#include <iosfwd>

namespace ionsift::report {

using learn::Evaluation;

/// {"set", "structures", "positive", "scores": {"auc_pr": {"value", "low", "high", "shuffled",
/// "shuffled_sd", "mean_control"}, ...}, "also_trained_on", "calibration", "by_d_training",
/// "sd_against_error", "predictions": [{"id", "label", "conductivity", "P_SI", "SD", "d_training"}]}.
/// Undefined scores are null. @param leaks of the evaluated structures among those of the training set
nlohmann::json to_json(const Evaluation& evaluation, const dataset::LeakReport& leaks);

/// The same of entries without a structure, with {"members": {"judging", "abstaining", "judging_kinds",
/// "abstaining_kinds", "share_of_weight"}} and without what d_training says.
nlohmann::json to_json(const learn::EntryEvaluation& evaluation, const dataset::LeakReport& leaks);

/// {"structures", "positive", "scores"} of a set whose entries are in other documents.
nlohmann::json scores_json(const Evaluation& evaluation);

/// Leaks, scores with their intervals and the controls beside them, calibration and strata, as aligned text.
void print_evaluation(std::ostream& out, const Evaluation& evaluation, const dataset::LeakReport& leaks);

/// The same of entries without a structure, and who judged them.
void print_evaluation(std::ostream& out, const learn::EntryEvaluation& evaluation,
                      const dataset::LeakReport& leaks);

/// The scores alone.
void print_scores(std::ostream& out, const Evaluation& evaluation);

} // namespace ionsift::report
