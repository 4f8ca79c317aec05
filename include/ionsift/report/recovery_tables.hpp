// SPDX-License-Identifier: BSD-3-Clause
// Output tables of a hindcast, written by rank 0.
#pragma once

#include "ionsift/screen/retrospect.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <iosfwd>
#include <vector>

namespace ionsift::report {

/// All scenarios of a run, and those of one kind taken together.
struct LookingBack {
  std::vector<screen::ScenarioResult> scenarios;
  std::vector<screen::RankedOutcome> pooled; ///< over the chemistries; empty with less than two
  std::string trained_on;                    ///< description of the training: tables and plan
};

/// {"trained_on", "scenarios": [{"name", "held_back", "trained", ..., "rankings": [...]}], "pooled": [...]}.
nlohmann::json to_json(const LookingBack& back);

/// One table for each scenario: rankings against recovery, median rank, precision and average precision.
void print_recovery(std::ostream& out, const LookingBack& back);

/// found.csv: each compound that was found superionic later, with its rank (a share of all) in each ranking.
void write_found(const std::filesystem::path& path, const LookingBack& back,
                 const screen::CandidatePool& pool);

/// lists.csv: the first `count` of each ranking of each scenario, and what became of them.
void write_lists(const std::filesystem::path& path, const LookingBack& back,
                 const screen::CandidatePool& pool, std::size_t count);

} // namespace ionsift::report
