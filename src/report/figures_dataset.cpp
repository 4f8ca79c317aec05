// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/labels/table_columns.hpp"
#include "ionsift/report/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace ionsift::report {

namespace {

using nlohmann::json;

std::string label_of(const dataset::Label& label) {
  return label.composition.empty() ? label.id : fmt::format("{} ({})", label.composition, label.id);
}

Figure histogram_of(const dataset::Labels& labels) {
  std::map<int, double> measured;
  std::map<int, double> bounds;
  for (const auto& label : labels.all()) {
    if (label.conductivity > 0) {
      const int decade = static_cast<int>(std::floor(std::log10(label.conductivity)));
      measured.try_emplace(decade, 0);
      bounds.try_emplace(decade, 0);
      ++(label.upper_bound ? bounds : measured)[decade];
    }
  }
  Figure figure;
  figure.name = "conductivity-histogram";
  figure.title = "Measured conductivities";
  figure.caption = "One bar for each power of ten: \"-4\" holds 1e-4 to 1e-3 S/cm, which is superionic here. "
                   "Upper bounds (\"less than\") apart.";
  figure.x = {"log10 (conductivity at room temperature / S/cm)", false, {}, {}};
  figure.y = {"entries", false, 0.0, {}};
  if (measured.empty()) {
    return figure;
  }
  Series bars;
  bars.name = "measured";
  bars.mark = Mark::bars;
  auto below = bars;
  below.name = "upper bounds";
  for (int decade = measured.begin()->first; decade <= measured.rbegin()->first; ++decade) {
    const auto x = static_cast<double>(figure.categories.size());
    figure.categories.push_back(std::to_string(decade));
    bars.add(x, measured.contains(decade) ? measured[decade] : 0);
    below.add(x, bounds.contains(decade) ? bounds[decade] : 0);
  }
  figure.series = {bars};
  if (std::ranges::any_of(below.y, [](double count) { return count > 0; })) {
    figure.series.push_back(below);
  }
  return figure;
}

} // namespace

namespace {

/// Points of the table's rows whose ids have a label.
void add_by_space_group(Series& measured, Series& bounds, const dataset::Labels& labels,
                        const CsvTable& table, std::size_t column) {
  const auto id = dataset::find_id_column(table, "");
  for (std::size_t row = 0; row < table.size(); ++row) {
    const auto* label = labels.find(std::string(trim(table.cell(row, id))));
    const auto group = parse_integer(trim(table.cell(row, column)));
    if (label != nullptr && label->conductivity > 0 && group && *group >= 1 && *group <= 230) {
      (label->upper_bound ? bounds : measured)
          .add(static_cast<double>(*group), std::log10(label->conductivity), label_of(*label));
    }
  }
}

} // namespace

std::vector<Figure> conductivity_figures(const dataset::Labels& labels,
                                         const std::vector<std::filesystem::path>& paths) {
  Figure groups;
  groups.name = "conductivity-by-space-group";
  groups.title = "Measured conductivity by space group";
  groups.caption =
      "Above the line superionic. The space group alone predicts little, which is why a model is needed.";
  groups.x = {"space group", false, 0.0, 231.0};
  groups.y = {"log10 (conductivity at room temperature / S/cm)", false, {}, {}};
  Series measured;
  measured.name = "measured";
  Series bounds;
  bounds.name = "upper bounds";
  bool any = false;
  for (const auto& path : paths) {
    const auto table = CsvTable::read(path);
    if (const auto column = dataset::find_optional_column(
            table, "", {"space group #", "space_group_number", "space group number", "space_group"})) {
      add_by_space_group(measured, bounds, labels, table, *column);
      any = true;
    }
  }
  if (any) {
    groups.series = {measured};
    if (!bounds.x.empty()) {
      groups.series.push_back(bounds);
    }
    const double border = std::log10(labels.threshold());
    groups.series.push_back(
        Series::guide(fmt::format("{:g} S/cm", labels.threshold()), {1, border}, {230, border}));
  }
  return {groups, histogram_of(labels)};
}

Figure cluster_figure(const std::filesystem::path& path) {
  const auto table = CsvTable::read(path);
  const auto x = table.column("x");
  const auto y = table.column("y");
  const auto cluster = table.column("cluster");
  const auto id = dataset::find_id_column(table, "");
  const auto composition = dataset::find_optional_composition_column(table, "");
  std::map<std::int64_t, Series> by_cluster;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const auto number = parse_integer(trim(table.cell(row, cluster)));
    const auto at_x = parse_number(table.cell(row, x));
    const auto at_y = parse_number(table.cell(row, y));
    if (number && at_x && at_y) {
      by_cluster[*number].add(*at_x, *at_y,
                              composition
                                  ? fmt::format("{} ({})", table.cell(row, *composition), table.cell(row, id))
                                  : table.cell(row, id));
    }
  }
  Figure figure;
  figure.name = "clusters";
  figure.title = "Compounds by composition";
  figure.caption = "Element-mover distances laid out in a plane by UMAP. Near means similar; distances "
                   "between clusters and the axes mean nothing.";
  figure.x = {"UMAP 1", false, {}, {}};
  figure.y = {"UMAP 2", false, {}, {}};
  for (auto& [number, series] : by_cluster) {
    series.name = number < 0 ? "in no cluster" : fmt::format("cluster {}", number);
    figure.series.push_back(std::move(series));
  }
  return figure;
}

Figure scaling_figure(const std::vector<json>& documents) {
  Figure figure;
  figure.name = "scaling";
  figure.title = "Efficiency by number of ranks";
  figure.caption = "Points are measured, against the run with the fewest ranks; lines replay the measured "
                   "pieces of that run on simulated ranks "
                   "(strong scaling).";
  figure.x = {"ranks", true, {}, {}};
  figure.y = {"efficiency", false, 0.0, {}};
  for (const auto& document : documents) {
    const auto command = document.value("command", "");
    Series measured;
    measured.name = command + ", measured";
    Series forecast;
    forecast.name = command + ", forecast";
    forecast.mark = Mark::line;
    for (const auto& row : document.value("rows", json::array())) {
      const auto kind = row.value("kind", "");
      if (kind == "measured" || kind == "strong") {
        (kind == "measured" ? measured : forecast).add(row.value("ranks", 1.0), row.value("efficiency", 0.0));
      }
    }
    for (auto* series : {&measured, &forecast}) {
      if (!series->x.empty()) {
        figure.series.push_back(*series);
      }
    }
  }
  return figure;
}

} // namespace ionsift::report
