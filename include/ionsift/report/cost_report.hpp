// SPDX-License-Identifier: BSD-3-Clause
// The cost of a run, in print and in run.json.
#pragma once

#include "ionsift/parallel/work_cost.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace ionsift::report {

/// "seconds", "ranks", "devices" (how many ranks had each), ITEMS, "ITEMS_a_second", "busiest_rank_seconds",
/// "imbalance" (busiest rank over mean).
/// @param devices of the ranks, an array of names  @param items what was done: "members"
nlohmann::json to_json(const parallel::WorkCost& cost, const nlohmann::json& devices,
                       const std::string& items);
/// The same in one line, without its end.
std::string describe(const parallel::WorkCost& cost, const nlohmann::json& devices, const std::string& items);

} // namespace ionsift::report
