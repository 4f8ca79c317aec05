// SPDX-License-Identifier: BSD-3-Clause
// The report: one HTML page that needs nothing beside itself.
#pragma once

#include "ionsift/report/figure.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ionsift::report {

/// What a report is made of; what is empty does not appear.
struct PageInputs { // NOLINT(bugprone-exception-escape): json moves without throwing
  std::string title;
  std::vector<Figure> figures;
  nlohmann::json evaluation;             ///< evaluation.json
  nlohmann::json summary;                ///< summary.json of a screening
  nlohmann::json candidates;             ///< see read_candidates
  std::vector<nlohmann::json> runs;      ///< run.json of each command, in the order of the data's way
  std::vector<std::string> figure_files; ///< of figures that gnuplot drew, for links; relative to the page
};

/// The first rows of candidates.csv with every filter's verdict from predictions.h5:
/// {"columns": [...], "rows": [[...]], "filters": [...], "verdicts": {id: [1 | 0 | -1, ...]}, "listed": N}.
/// @param rows at most so many  @throws Error missing, format
nlohmann::json read_candidates(const std::filesystem::path& screening, std::uint64_t rows);

/// Writes the page: style, program, plotting library (Chart.js) and data inside, no request to anywhere.
/// @throws Error io
void write_page(const std::filesystem::path& path, const PageInputs& inputs);

} // namespace ionsift::report
