// What a screening leaves on disk, written by rank 0.
#pragma once

#include "ionsift/screen/screening.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <iosfwd>

namespace ionsift::report {

/// candidates.csv: kept rows, ranked (rank, formula, id, P_SI, SD, E_g and its source, predicted E_g,
/// d_training, nearest training entry and class, ordered, source).
void write_candidates(const std::filesystem::path& path, const std::vector<screen::Candidate>& rows);

/// predictions.h5: every row of the store with the first filter that dropped it.
void write_predictions(const std::filesystem::path& path, const std::vector<screen::Candidate>& rows);

/// summary.json: options, funnel, gap statistics, top of the table.
nlohmann::json screening_summary(const screen::ScreeningOptions& options, const screen::ScreeningResult& result);

/// The funnel and the first `top` candidates as aligned text.
void print_screening(std::ostream& out, const screen::ScreeningResult& result, std::size_t top);

} // namespace ionsift::report
