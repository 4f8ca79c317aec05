// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/report/discovery_tables.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"

#include "text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ostream>
#include <utility>

namespace ionsift::report {

namespace {

using List = std::vector<screen::ListedCandidate>;

std::array<std::pair<const char*, const List*>, 3> named(const screen::DiscoveryLists& lists) {
  return {{{"near", &lists.near}, {"far", &lists.far}, {"rule", &lists.rule}}};
}

/// "superionic", "-9.1 (2004)", or its training label; empty if it was not measured.
std::string known_cell(const screen::ListedCandidate& one) {
  if (one.known) {
    const auto since = one.known->first_year > 0 ? fmt::format(", {}", one.known->first_year) : "";
    const auto value = std::isnan(one.known->log10_conductivity)
                           ? std::string(!one.known->class_known ? "known"
                                         : one.known->superionic ? "superionic"
                                                                 : "poor")
                           : fmt::format("log10 {:.1f}", one.known->log10_conductivity);
    return value + since;
  }
  return one.row.known_as.empty() ? "" : "trained on as " + one.row.known_as;
}

/// A column of the printed lists, and whether it is printed.
struct Column {
  const char* title;
  Align align;
  bool shown;
};

std::vector<std::string> chosen(const std::vector<Column>& columns, std::vector<std::string> cells) {
  std::vector<std::string> kept;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (columns[c].shown) {
      kept.push_back(std::move(cells[c]));
    }
  }
  return kept;
}

TextTable table_of(const std::vector<Column>& columns) {
  std::vector<std::string> titles;
  std::vector<Align> alignment;
  for (const auto& column : columns) {
    titles.emplace_back(column.title);
    if (column.shown) {
      alignment.push_back(column.align);
    }
  }
  return {chosen(columns, titles), alignment};
}

} // namespace

void write_lists(const std::filesystem::path& path, const screen::DiscoveryLists& lists) {
  write_file_atomically(path, [&](std::ostream& out) {
    write_csv_row(out, {"list",
                        "rank",
                        "formula",
                        "id",
                        "P_SI",
                        "SD",
                        "expected_superionic",
                        "verdict",
                        "barrier_1d",
                        "barrier_2d",
                        "barrier_3d",
                        "free_sphere_radius",
                        "accessible_volume",
                        "chemistry",
                        "lithium_share",
                        "d_training",
                        "band_gap_eV",
                        "known_as",
                        "known_log10_conductivity",
                        "known_since"});
    for (const auto& [name, list] : named(lists)) {
      std::size_t rank = 0;
      for (const auto& one : *list) {
        std::vector<std::string> cells = {name,
                                          std::to_string(++rank),
                                          one.row.formula,
                                          one.row.id,
                                          format_number(one.row.probability, 4, ""),
                                          format_number(one.row.sd, 4, ""),
                                          format_number(one.expected, 2, ""),
                                          one.verdict};
        for (const double value : one.paths) {
          cells.push_back(format_number(value, 4, ""));
        }
        for (auto& cell : std::vector<std::string>{
                 one.chemistry, format_number(one.lithium_share, 4, ""),
                 format_number(one.row.d_training, 4, ""), format_number(one.row.band_gap, 3, ""),
                 one.row.known_as, one.known ? format_number(one.known->log10_conductivity, 3, "") : "",
                 one.known && one.known->first_year > 0 ? std::to_string(one.known->first_year) : ""}) {
          cells.push_back(std::move(cell));
        }
        write_csv_row(out, cells);
      }
    }
  });
}

void print_lists(std::ostream& out, const screen::DiscoveryLists& lists, std::size_t top, bool wide) {
  const std::array titles = {
      fmt::format("near: {} compositions of chemistries that were trained on, by P_SI",
                  lists.near_compositions),
      fmt::format("far: {} compositions of other chemistries, by the mean rank of P_SI and barrier",
                  lists.far_compositions),
      std::string("rule of thumb: more S, Se or halogen than O, then the share of lithium")};
  std::size_t which = 0;
  for (const auto& [name, list] : named(lists)) {
    out << '\n' << titles[which++] << '\n';
    // Empty columns are omitted at the terminal.
    const bool judged =
        wide || std::ranges::any_of(*list, [](const auto& one) { return !one.verdict.empty(); });
    const bool known =
        wide || std::ranges::any_of(*list, [](const auto& one) { return !known_cell(one).empty(); });
    const bool barrier =
        wide || std::ranges::any_of(*list, [](const auto& one) { return !std::isnan(one.paths[2]); });
    std::vector<Column> columns = {{"rank", Align::right, true},     {"formula", Align::left, true},
                                   {"id", Align::left, true},        {"P_SI", Align::right, true},
                                   {"SD", Align::right, wide},       {"expected", Align::right, true},
                                   {"", Align::left, judged},        {"barrier/eV", Align::right, barrier},
                                   {"chemistry", Align::left, wide}, {"Li share", Align::right, wide},
                                   {"measured", Align::left, known}};
    auto table = table_of(columns);
    for (std::size_t i = 0; i < std::min(top, list->size()); ++i) {
      const auto& one = (*list)[i];
      table.add(chosen(columns,
                       {std::to_string(i + 1), one.row.formula, one.row.id,
                        format_number(one.row.probability, 3, "-"), format_number(one.row.sd, 3, "-"),
                        format_number(one.expected, 1, "-"), one.verdict, format_number(one.paths[2], 2, "-"),
                        one.chemistry, format_number(one.lithium_share, 2, "-"), known_cell(one)}));
    }
    if (!wide) {
      table.fit(terminal_width);
    }
    table.print(out);
  }
}

nlohmann::json to_json(const screen::DiscoveryLists& lists, const screen::ListOptions& options) {
  const auto of = [](const List& list, std::size_t compositions) {
    return nlohmann::json{{"compositions", compositions},
                          {"listed", list.size()},
                          {"expected_superionic", list.empty() ? 0.0 : list.back().expected}};
  };
  nlohmann::json json = {{"near", of(lists.near, lists.near_compositions)},
                         {"far", of(lists.far, lists.far_compositions)},
                         {"rule_of_thumb", of(lists.rule, lists.near_compositions + lists.far_compositions)},
                         {"known_compositions", lists.known_compositions}};
  if (options.cuts) {
    json["conformal"] = {{"coverage", options.cuts->coverage},
                         {"superionic_from", options.cuts->superionic_from},
                         {"poor_to", options.cuts->poor_to}};
  }
  return json;
}

} // namespace ionsift::report
