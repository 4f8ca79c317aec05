// SPDX-License-Identifier: BSD-3-Clause
// Output tables of a screening and of a comparison of two, written by rank 0.
#pragma once

#include "ionsift/screen/kinds.hpp"
#include "ionsift/screen/screening.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace ionsift::report {

/// candidates.csv: the kept rows in this order, with the columns of docs/screening.md. Those that lead their
/// group are numbered in `rank`, which is empty for the others. Unknown numbers are empty.
/// @throws Error io
void write_candidates(const std::filesystem::path& path, const std::vector<screen::Candidate>& kept);

/// training.csv: id, formula, class, PC1 and PC2 of the structures that the ensemble was trained on.
/// @throws Error io
void write_training(const std::filesystem::path& path, const std::vector<screen::TrainingPoint>& training);

/// kinds.csv: id, and P_SI by each kind of member. @param ids of the structures, in their order  @throws
/// Error io
void write_kinds(const std::filesystem::path& path, const std::vector<std::string>& ids,
                 const screen::KindProbabilities& kinds);

/// summary.json: options, funnel, gap statistics, histograms, quantiles, and the top of the table. The same
/// for any number of ranks.
nlohmann::json screening_summary(const screen::ScreeningOptions& options,
                                 const screen::ScreeningResult& result);

/// The funnel and the first `top` candidates, one for each group, as aligned text of 80 columns.
/// @param wide with gap, d_training and references, as wide as it takes
void print_screening(std::ostream& out, const screen::ScreeningResult& result, std::size_t top,
                     bool wide = false);

} // namespace ionsift::report
