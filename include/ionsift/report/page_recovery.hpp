// SPDX-License-Identifier: BSD-3-Clause
// What the page shows of a retrospective test (`ionsift recover`).
#pragma once

#include "ionsift/report/figure.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <filesystem>
#include <vector>

namespace ionsift::report {

/// Compositions of each list that a page shows.
inline constexpr std::size_t recovery_listed = 30;

/// recovery.json with the scores that the page shows, and with the first of each list and what became of
/// them: scenarios[].lists.RANKING is a list of [formula, id, score, became]. @param listed compositions of
/// each list
/// @throws Error missing, format
nlohmann::json read_page_recovery(const std::filesystem::path& folder, std::size_t listed);

/// Recovery curves: the share of the conductors found later against the share of each list, one figure for
/// each year and one for all chemistries together. @param folder of found.csv  @param document of
/// read_page_recovery  @throws Error missing, format
std::vector<Figure> recovery_figures(const std::filesystem::path& folder, const nlohmann::json& document);

} // namespace ionsift::report
