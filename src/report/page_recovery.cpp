// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/report/page_recovery.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/json.hpp"
#include "ionsift/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <vector>

namespace ionsift::report {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// The rankings of `ionsift recover` that are drawn: an ensemble's kinds of members are in its tables alone.
constexpr std::array<std::string_view, 5> drawn = {"P_SI", "nearest neighbour", "rule of thumb", "barrier",
                                                   "P_SI, barrier and rule"};
constexpr std::string_view all_chemistries = "all chemistries";

/// A year stands for itself; chemistries are taken together, since each has few conductors.
std::string group_of(const json& scenario) {
  return scenario.value("held_back", "") == "a chemistry" ? std::string(all_chemistries)
                                                          : scenario.value("name", "");
}

/// Ranks of what was found later, as shares of the list, by ranking.
using Found = std::map<std::string, std::vector<double>>;

std::map<std::string, Found> read_found(const fs::path& folder,
                                        const std::map<std::string, std::string>& groups) {
  const auto table = CsvTable::read(folder / "found.csv");
  const auto scenario = table.column("scenario");
  std::map<std::string, Found> found;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const auto group = groups.find(table.cell(row, scenario));
    for (std::size_t column = 0; group != groups.end() && column < table.header().size(); ++column) {
      const auto& name = table.header()[column];
      const auto rank = parse_number(table.cell(row, column));
      if (rank && std::ranges::find(drawn, name) != drawn.end()) {
        found[group->second][name].push_back(*rank);
      }
    }
  }
  return found;
}

/// The share of the conductors that the first per cents of a list hold, as steps.
Series curve_of(const std::string& name, std::vector<double> ranks, double lowest) {
  std::ranges::sort(ranks);
  Series curve;
  curve.name = name;
  curve.mark = Mark::line;
  const auto share = [&](std::size_t found) {
    return 100 * static_cast<double>(found) / static_cast<double>(ranks.size());
  };
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    const double at = std::max(lowest, 100 * ranks[i]);
    curve.add(at, share(i));
    curve.add(at, share(i + 1), fmt::format("{} of {}", i + 1, ranks.size()));
  }
  curve.add(100, 100);
  return curve;
}

/// Removes the scores of a ranking that the page does not show.
void remove_unshown(json& ranking) {
  for (const auto* name : {"precision_among_measured", "average_precision", "average_precision_of_chance"}) {
    ranking.erase(name);
  }
}

} // namespace

std::vector<Figure> recovery_figures(const fs::path& folder, const json& document) {
  std::vector<std::string> order;
  std::map<std::string, std::string> groups;
  for (const auto& scenario : document.at("scenarios")) {
    const auto group = group_of(scenario);
    groups[scenario.value("name", "")] = group;
    if (std::ranges::find(order, group) == order.end()) {
      order.push_back(group);
    }
  }
  const auto found = read_found(folder, groups);
  constexpr double lowest = 0.01; // per cent: one of 10,000
  std::vector<Figure> figures;
  for (const auto& group : order) {
    const auto of_group = found.find(group);
    if (of_group == found.end()) {
      continue;
    }
    Figure figure;
    const bool is_year = group != all_chemistries;
    figure.name = is_year ? fmt::format("recovery-{}", group) : "recovery-chemistries";
    figure.title = is_year ? fmt::format("Conductors found after {}, by what was known until then", group)
                           : "Conductors of chemistries that were left out of the training";
    figure.caption = "Of the first per cents of each list (from the left, logarithmic), the share of all "
                     "compounds found superionic later that is among them. Dashed: in random order.";
    figure.x = {"first compositions of the list, %", true, lowest, 100.0};
    figure.y = {"conductors found, %", false, 0.0, 100.0};
    for (const auto name : drawn) {
      const auto ranks = of_group->second.find(std::string(name));
      if (ranks != of_group->second.end()) {
        figure.series.push_back(curve_of(ranks->first, ranks->second, lowest));
      }
    }
    Series chance;
    chance.name = "random order";
    chance.mark = Mark::line;
    chance.dashed = true;
    for (double x = lowest; x <= 100; x *= 1.2589254) { // ten a decade
      chance.add(x, x);
    }
    figure.series.push_back(chance);
    figures.push_back(std::move(figure));
  }
  return figures;
}

json read_page_recovery(const fs::path& folder, std::size_t listed) {
  const auto path = folder / "recovery.json";
  auto document = parse_json_or_discard(read_file(path));
  IONSIFT_VALIDATE(document.is_object() && document.contains("scenarios"), format,
                   fmt::format("{} was not written by ionsift recover", path.string()),
                   "it lists no scenarios", "Name the folder that recover wrote.");
  const auto table = CsvTable::read(folder / "lists.csv");
  std::array<std::size_t, 7> column{};
  std::ranges::transform(std::array{"scenario", "ranking", "rank", "formula", "id", "score", "became"},
                         column.begin(), [&](const char* name) { return table.column(name); });
  std::map<std::string, json> lists;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const auto& ranking = table.cell(row, column[1]);
    const auto rank = parse_integer(table.cell(row, column[2]));
    if (rank && static_cast<std::size_t>(*rank) <= listed &&
        std::ranges::find(drawn, ranking) != drawn.end()) {
      lists[table.cell(row, column[0])][ranking].push_back(
          {table.cell(row, column[3]), table.cell(row, column[4]), table.cell(row, column[5]),
           table.cell(row, column[6])});
    }
  }
  for (auto& scenario : document["scenarios"]) {
    const auto found = lists.find(scenario.value("name", ""));
    scenario["lists"] = found != lists.end() ? found->second : json::object();
    for (auto& ranking : scenario["rankings"]) {
      remove_unshown(ranking);
    }
  }
  for (auto& ranking : document["pooled_over_chemistries"]) {
    remove_unshown(ranking);
  }
  return document;
}

} // namespace ionsift::report
