// SPDX-License-Identifier: BSD-3-Clause
// The report: one HTML page that needs nothing beside itself.
#pragma once

#include "ionsift/report/figure.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ionsift::report {

/// The input of a report; empty parts do not appear.
struct PageInputs { // NOLINT(bugprone-exception-escape): json moves without throwing
  std::string title;
  std::vector<Figure> figures;
  nlohmann::json evaluation;                    ///< evaluation.json
  std::vector<nlohmann::json> crossvalidations; ///< see crossvalidation_scores
  nlohmann::json recovery;                      ///< see read_page_recovery
  nlohmann::json summary;                       ///< summary.json of a screening
  nlohmann::json table;                         ///< PageTable::columns
  nlohmann::json lists;                         ///< see read_page_lists
  nlohmann::json kinds;                         ///< see read_page_kinds
  nlohmann::json structures;                    ///< see read_page_structures
  std::vector<nlohmann::json> runs;             ///< run.json of each command, in the order of the data's way
};

/// The content of a page for a cross-validation: {"name", "structures", "positive", "confidence", "variants":
/// [{"name", "scores": {NAME: {"value", "low", "high"}}, "shuffled": {NAME: mean over the folds}}]}, the
/// scores pooled over the folds.
nlohmann::json crossvalidation_scores(const std::string& name, const nlohmann::json& document);

/// Writes the page: style, program and data inside, no request to anywhere.
/// @throws Error io
void write_page(const std::filesystem::path& path, const PageInputs& inputs);

} // namespace ionsift::report
