// SPDX-License-Identifier: BSD-3-Clause
// The lists of a screening as CSV, text and JSON.
#pragma once

#include "ionsift/screen/discovery_lists.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <iosfwd>

namespace ionsift::report {

/// lists.csv: list (near, far, rule), rank, formula, id, P_SI, SD, expected_superionic, verdict, barriers,
/// free-sphere radius, accessible volume, chemistry, lithium_share, d_training, band_gap_eV, known_as,
/// known_log10_conductivity, known_since. Unknown numbers are empty. @throws Error io
void write_lists(const std::filesystem::path& path, const screen::DiscoveryLists& lists);

/// The first `top` of each list, as aligned text of 80 columns. @param wide with SD, chemistry and share of
/// lithium, and nothing shortened
void print_lists(std::ostream& out, const screen::DiscoveryLists& lists, std::size_t top, bool wide = false);

/// {"near": {"compositions", "listed", "expected_superionic"}, "far": ..., "known", "conformal"}.
nlohmann::json to_json(const screen::DiscoveryLists& lists, const screen::ListOptions& options);

} // namespace ionsift::report
