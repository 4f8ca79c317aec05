// SPDX-License-Identifier: BSD-3-Clause
// Results of a search, as files and in print.
#pragma once

#include "ionsift/learn/search/tune.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <iosfwd>

namespace ionsift::report {

/// For each cluster its candidates and its winner; the cost of this run, with trainings and epochs of all
/// runs.
/// @param devices of the ranks, an array of names
nlohmann::json to_json(const learn::TuneResult& result, const nlohmann::json& devices);

/// `members.json`, the plan; `trials.csv`, every training in the order in which they were handed out:
/// cluster, trial, repeat, values, epochs, best rolling mean and its epoch, how it ended, seconds, rank. Rank
/// 0 calls it.
void write_search(const std::filesystem::path& folder, const learn::SearchSpace& space,
                  const learn::TuneResult& result);

void print_search(std::ostream& out, const learn::TuneResult& result, const nlohmann::json& devices);

} // namespace ionsift::report
