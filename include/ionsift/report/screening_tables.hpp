// What a screening leaves on disk, written by rank 0.
#pragma once

#include "ionsift/screen/screening.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <vector>

namespace ionsift::report {

/// candidates.csv: kept rows, ranked, with the columns rank, formula, id, P_SI, SD, band_gap_eV,
/// band_gap_source, predicted_band_gap_eV, d_training, nearest_training_id, nearest_training_class, ordered,
/// source. Unknown numbers are empty.
/// @throws Error io
void write_candidates(const std::filesystem::path& path, const std::vector<screen::Candidate>& rows);

/// predictions.h5: every row of the store, in its order, with the first filter that dropped it. One dataset
/// for each column, [structures]: texts `id`, `formula`, `source`, `band_gap_source`, `nearest_training_id`,
/// `known_as`, `dropped_by` (empty where kept); float64 `P_SI`, `SD`, `d_training`, `band_gap`,
/// `predicted_band_gap` (eV), NaN where unknown; uint8 `ordered`, `intermetallic`; int32
/// `nearest_training_class` (-1 without features). Attributes `program_version` and `filters` (their order).
/// The file appears under its name when it is complete.
/// @throws Error io
void write_predictions(const std::filesystem::path& path, const std::vector<screen::Candidate>& rows);

/// summary.json: options, funnel, gap statistics, and the top of the table.
nlohmann::json screening_summary(const screen::ScreeningOptions& options,
                                 const screen::ScreeningResult& result);

/// The funnel and the first `top` candidates as aligned text.
void print_screening(std::ostream& out, const screen::ScreeningResult& result, std::size_t top);

} // namespace ionsift::report
