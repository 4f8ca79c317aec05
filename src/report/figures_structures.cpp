// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/report/figures.hpp"
#include "ionsift/screen/prediction_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <queue>
#include <tuple>
#include <unordered_set>

namespace ionsift::report {

namespace {

using nlohmann::json;

/// What figures need of a structure.
struct Drawn {
  std::string hash, id, label;
  double distance, probability, sd;
  std::array<double, 2> component;
  bool operator<(const Drawn& other) const { return hash < other.hash; }
};

struct Sample {
  std::vector<Drawn> listed, others;
  std::string others_name;
};

/// All listed structures and at most `points` of the others, those with the smallest hashes.
Sample draw_sample(const screen::PredictionReader& reader, const std::vector<std::string>& rows,
                   std::uint64_t points) {
  const std::unordered_set<std::string> listed(rows.begin(), rows.end());
  Sample sample;
  std::priority_queue<Drawn> others; // the largest hash on top, to be thrown out
  for (std::uint64_t first = 0; first < reader.size(); first += screen::rows_at_once) {
    for (auto& row : reader.rows(first, std::min(screen::rows_at_once, reader.size() - first))) {
      if (!std::isfinite(row.probability) || !std::isfinite(row.d_training)) {
        continue;
      }
      const auto drawn = [&] {
        return Drawn{row.sha256,     row.id,          fmt::format("{} ({})", row.formula, row.id),
                     row.d_training, row.probability, row.sd,
                     row.component};
      };
      if (listed.contains(row.id)) {
        sample.listed.push_back(drawn());
      } else if (others.size() < points || (points > 0 && row.sha256 < others.top().hash)) {
        others.push(drawn());
        if (others.size() > points) {
          others.pop();
        }
      }
    }
  }
  for (; !others.empty(); others.pop()) {
    sample.others.push_back(others.top());
  }
  const auto drawn = sample.listed.size() + sample.others.size();
  sample.others_name =
      drawn < reader.size() ? fmt::format("{} of the others", sample.others.size()) : std::string("others");
  return sample;
}

Figure distance_figure(const Sample& sample) {
  Figure figure;
  figure.name = "p-si-against-d-training";
  figure.title = "P_SI against the distance to the training set";
  figure.caption = "d_training is 1 where a structure is as far from its nearest training structure as those "
                   "are from their centre on average. Far to the "
                   "right, P_SI is an extrapolation. Colour: SD, by how much the members disagree.";
  figure.x = {"d_training", false, 0.0, {}};
  figure.y = {"P_SI", false, 0.0, 1.0};
  figure.value = "SD";
  const auto add = [](Series& series, const Drawn& structure) {
    series.add(structure.distance, structure.probability, structure.label);
    series.value.push_back(structure.sd);
  };
  Series others;
  others.name = sample.others_name;
  for (const auto& structure : sample.others) {
    add(others, structure);
  }
  Series listed;
  listed.name = "in the table of candidates";
  for (const auto& structure : sample.listed) {
    add(listed, structure);
    listed.row.push_back(structure.id);
  }
  figure.series = {others, listed};
  return figure;
}

/// Two series: not superionic, superionic.
std::array<Series, 2> training_series(const std::filesystem::path& path) {
  std::array<Series, 2> series;
  series[0].name = "trained on, not superionic";
  series[1].name = "trained on, superionic";
  const auto table = CsvTable::read(path);
  const auto [id, formula, label] =
      std::tuple(table.column("id"), table.column("formula"), table.column("class"));
  const auto [x, y] = std::pair(table.column("PC1"), table.column("PC2"));
  for (std::size_t row = 0; row < table.size(); ++row) {
    const auto at_x = parse_number(table.cell(row, x));
    const auto at_y = parse_number(table.cell(row, y));
    if (at_x && at_y) {
      series[table.cell(row, label) == "1" ? 1 : 0].add(
          *at_x, *at_y, fmt::format("{} ({})", table.cell(row, formula), table.cell(row, id)));
    }
  }
  return series;
}

std::string axis_title(std::string_view name, const json& summary, std::size_t component) {
  const auto shares = summary.value("principal_components", json::object())
                          .value("explained_variance", std::vector<double>());
  return component < shares.size()
             ? fmt::format("{} principal component ({:.0f} % of the training set's variance)", name,
                           100 * shares[component])
             : fmt::format("{} principal component", name);
}

Figure component_figure(const Sample& sample, const std::filesystem::path& training, const json& summary) {
  Figure figure;
  figure.name = "principal-components";
  figure.title = "Candidates beside the training set";
  figure.caption =
      "Mean features of each structure, in the plane in which the training set is spread most. What lies far "
      "from its points is like nothing measured; what lies "
      "among them may still differ in the components that are not shown, which d_training counts.";
  figure.x = {axis_title("first", summary, 0), false, {}, {}};
  figure.y = {axis_title("second", summary, 1), false, {}, {}};
  Series others;
  others.name = sample.others_name;
  others.background = true;
  for (const auto& structure : sample.others) {
    others.add(structure.component[0], structure.component[1], structure.label);
  }
  Series listed;
  listed.name = "in the table of candidates";
  for (const auto& structure : sample.listed) {
    listed.add(structure.component[0], structure.component[1], structure.label);
    listed.row.push_back(structure.id);
  }
  const auto trained = training_series(training);
  for (const auto& series : {others, trained[0], trained[1], listed}) {
    if (!series.x.empty()) {
      figure.series.push_back(series);
    }
  }
  return figure;
}

} // namespace

std::vector<Figure> structure_figures(const std::filesystem::path& screening, const json& summary,
                                      const std::vector<std::string>& rows, std::uint64_t points) {
  const screen::PredictionReader reader(screening / "predictions.h5");
  const auto sample = draw_sample(reader, rows, points);
  std::vector<Figure> figures = {distance_figure(sample)};
  const auto training = screening / "training.csv";
  if (reader.has_components() && std::filesystem::exists(training)) {
    figures.push_back(component_figure(sample, training, summary));
  } else {
    log::warning(
        "no figure of principal components: {} was made by a version that did not store them; screen "
        "again to have it",
        screening.string());
  }
  return figures;
}

} // namespace ionsift::report
