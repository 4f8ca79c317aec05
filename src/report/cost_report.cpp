// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/report/cost_report.hpp"

#include "ionsift/base/progress.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

namespace ionsift::report {

namespace {

std::map<std::string, int> count(const nlohmann::json& devices) {
  std::map<std::string, int> counts;
  for (const auto& device : devices) {
    ++counts[device.get<std::string>()];
  }
  return counts;
}

} // namespace

nlohmann::json to_json(const parallel::WorkCost& cost, const nlohmann::json& devices,
                       const std::string& items) {
  return {{"seconds", cost.seconds},          {"ranks", cost.ranks},
          {"devices", count(devices)},        {items, cost.items},
          {items + "_a_second", cost.rate()}, {"busiest_rank_seconds", cost.busiest},
          {"imbalance", cost.imbalance()}};
}

std::string describe(const parallel::WorkCost& cost, const nlohmann::json& devices,
                     const std::string& items) {
  std::vector<std::string> names;
  for (const auto& [device, ranks] : count(devices)) {
    names.push_back(ranks == 1 ? device : fmt::format("{} x {}", ranks, device));
  }
  return fmt::format("{} {} in {} on {} {} ({}), {:.2f} a second; the busiest rank had {:.2f} times the mean",
                     cost.items, items, format_duration(cost.seconds), cost.ranks,
                     cost.ranks == 1 ? "rank" : "ranks", fmt::join(names, ", "), cost.rate(),
                     cost.imbalance());
}

} // namespace ionsift::report
