// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/json.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/report/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <utility>

namespace ionsift::report {

namespace {

using nlohmann::json;

constexpr double gap = std::numeric_limits<double>::quiet_NaN();
/// More lines than that are a thicket; the CSV of the command has all.
constexpr std::size_t most_curves = 7;

double value_of(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number() ? found->get<double>() : gap;
}

/// A point with a vertical bar from low to high, broken off from the next.
void add_whisker(Series& whiskers, double x, double low, double high) {
  if (std::isfinite(low) && std::isfinite(high)) {
    whiskers.add(x, low);
    whiskers.add(x, high);
    whiskers.add(gap, gap);
  }
}

Figure conductivity_figure(const json& document) {
  Figure figure;
  figure.name = "p-si-against-conductivity";
  figure.title = "P_SI against the measured conductivity, structures that were not trained on";
  figure.caption =
      "Measured superionic right of the vertical line, predicted superionic above the horizontal one by the "
      "ensemble. Colour: "
      "SD, by how much the members disagree.";
  figure.x = {"log10 (conductivity at room temperature / S/cm)", false, {}, {}};
  figure.y = {"P_SI", false, 0.0, 1.0};
  figure.value = "SD";
  Series series;
  series.name = "structures";
  double low = -5;
  double high = -3;
  for (const auto& row : document.value("predictions", json::array())) {
    const double conductivity = value_of(row, "conductivity");
    if (conductivity > 0) {
      const double x = std::log10(conductivity);
      low = std::min(low, x);
      high = std::max(high, x);
      series.add(x, value_of(row, "P_SI"), row.value("id", ""));
      series.value.push_back(value_of(row, "SD"));
    }
  }
  figure.series = {series, Series::guide("1e-4 S/cm", {-4, 0}, {-4, 1}),
                   Series::guide("P_SI = 0.5", {low, 0.5}, {high, 0.5})};
  return figure;
}

Figure calibration_figure(const json& document) {
  Figure figure;
  figure.name = "calibration";
  figure.title = "How often structures of a given P_SI are superionic";
  figure.caption =
      "On the diagonal a P_SI of 0.7 comes true seven times of ten. Bins hold equally many structures; bars "
      "are intervals "
      "of the observed share. Below the diagonal the ensemble promises too much, above it too little.";
  figure.x = {"mean P_SI of the bin", false, 0.0, 1.0};
  figure.y = {"observed share of superionic structures", false, 0.0, 1.0};
  Series points;
  points.name = "observed";
  Series whiskers;
  whiskers.name = "interval";
  whiskers.coloured_as = points.name;
  whiskers.mark = Mark::line;
  for (const auto& bin : document.value("calibration", json::object()).value("bins", json::array())) {
    const auto observed = bin.value("observed", json::object());
    const double x = value_of(bin, "P_SI");
    const double y = value_of(observed, "value");
    if (std::isfinite(x) && std::isfinite(y)) {
      points.add(x, y, fmt::format("{} structures", integer_or<std::int64_t>(bin, "structures", 0)));
      add_whisker(whiskers, x, value_of(observed, "low"), value_of(observed, "high"));
    }
  }
  figure.series = {points, whiskers, Series::guide("perfect", {0, 0}, {1, 1})};
  return figure;
}

/// Labels of an evaluation by falling P_SI, equal ones together.
struct Step {
  double probability = 0;
  std::size_t structures = 0, positive = 0; ///< numbers with this P_SI or more
};
std::vector<Step> steps_of(const json& document) {
  std::vector<std::pair<double, int>> rows;
  for (const auto& row : document.value("predictions", json::array())) {
    const double probability = value_of(row, "P_SI");
    if (std::isfinite(probability)) {
      rows.emplace_back(probability, integer_or<int>(row, "label", 0));
    }
  }
  std::ranges::sort(rows, [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<Step> steps;
  Step step;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    step.probability = rows[i].first;
    ++step.structures;
    step.positive += rows[i].second == 1 ? 1 : 0;
    if (i + 1 == rows.size() || rows[i + 1].first != rows[i].first) {
      steps.push_back(step);
    }
  }
  return steps;
}

/// The label of a curve's row.
std::string say(const Step& step) {
  return fmt::format("{} of the {} with P_SI >= {:.3f} superionic", step.positive, step.structures,
                     step.probability);
}

/// The last step at or above the cut at 0.5, alone; nothing where no P_SI reaches it.
std::optional<Step> at_cut(const std::vector<Step>& steps) {
  std::optional<Step> found;
  for (const auto& step : steps) {
    if (step.probability >= 0.5) {
      found = step;
    }
  }
  return found;
}

constexpr auto cut_name = "P_SI at least 0.5";

Figure precision_recall_figure(const json& document) {
  Figure figure;
  figure.name = "precision-recall";
  figure.title = "Precision and recall, structures that were not trained on";
  figure.caption =
      "For each cut: of those above it, the share that is superionic (precision), and the share of all "
      "superionic ones that is above it (recall). The mark is the cut at P_SI 0.5; dashed: what a "
      "list in random order has.";
  figure.x = {"recall", false, 0.0, 1.0};
  figure.y = {"precision", false, 0.0, 1.0};
  const auto steps = steps_of(document);
  if (steps.empty() || steps.back().positive == 0) {
    return figure;
  }
  const auto all = static_cast<double>(steps.back().positive);
  const auto point = [&](Series& series, const Step& step) {
    series.add(static_cast<double>(step.positive) / all,
               static_cast<double>(step.positive) / static_cast<double>(step.structures), say(step));
  };
  Series curve, cut;
  curve.name = "ensemble";
  curve.mark = Mark::line;
  for (const auto& step : steps) {
    point(curve, step);
  }
  cut.name = cut_name;
  if (const auto step = at_cut(steps)) {
    point(cut, *step);
  }
  const double base = all / static_cast<double>(steps.back().structures);
  figure.series = {curve, Series::guide("random order", {0, base}, {1, base})};
  if (!cut.x.empty()) {
    figure.series.push_back(cut);
  }
  return figure;
}

Figure enrichment_figure(const json& document) {
  Figure figure;
  figure.name = "enrichment";
  figure.title = "How many of the superionic ones the first have found";
  figure.caption =
      "Structures that were not trained on, by falling P_SI: of the first per cents of the list (from the "
      "left), the share of all superionic ones that is among them. Dashed: in random order, and if all "
      "superionic ones came first. The mark is the cut at P_SI 0.5.";
  figure.x = {"first structures of the list, %", false, 0.0, 100.0};
  figure.y = {"superionic ones found, %", false, 0.0, 100.0};
  const auto steps = steps_of(document);
  if (steps.empty() || steps.back().positive == 0) {
    return figure;
  }
  const auto structures = static_cast<double>(steps.back().structures);
  const auto positive = static_cast<double>(steps.back().positive);
  const auto point = [&](Series& series, const Step& step) {
    series.add(100 * static_cast<double>(step.structures) / structures,
               100 * static_cast<double>(step.positive) / positive, say(step));
  };
  Series curve, cut;
  curve.name = "ensemble";
  curve.mark = Mark::line;
  curve.add(0, 0, "nothing yet");
  for (const auto& step : steps) {
    point(curve, step);
  }
  cut.name = cut_name;
  if (const auto step = at_cut(steps)) {
    point(cut, *step);
  }
  figure.series = {curve, Series::guide("random order", {0, 0}, {100, 100}),
                   Series::guide("perfect order", {0, 0}, {100 * positive / structures, 100})};
  if (!cut.x.empty()) {
    figure.series.push_back(cut);
  }
  return figure;
}

/// The control of a cross-validation, mean over the folds: NaN for scores that have none.
double shuffled_score(const json& document, const std::string& score) {
  double sum = 0;
  double folds = 0;
  for (const auto& fold : document.value("folds", json::array())) {
    const auto controls = fold.value("controls", json::object()).value("shuffled", json::object());
    const double mean = value_of(controls.value(score, json::object()), "mean");
    sum += std::isfinite(mean) ? mean : 0;
    folds += std::isfinite(mean) ? 1 : 0;
  }
  return folds > 0 ? sum / folds : gap;
}

/// Scores of one kind: a point with its spread for each variant of each input, beside the controls.
Figure score_figure(const std::vector<CrossvalidationInput>& inputs, const char* score, const char* title) {
  Figure figure;
  figure.name = fmt::format("crossvalidation-{}", score);
  std::ranges::replace(figure.name, '_', '-');
  figure.title = fmt::format("{} of ensembles by cross-validation", title);
  figure.caption = "Mean over the folds and its standard deviation; dashed: shuffled training "
                   "labels. How the folds were made is in "
                   "the legend: random folds hold structures much like those trained on, clusters do not.";
  figure.x = {"variant", false, {}, {}};
  figure.y = {title, false, {}, {}};
  std::map<std::string, std::size_t> position;
  const auto add = [&](const std::string& name) {
    const auto [at, fresh] = position.emplace(name, figure.categories.size());
    if (fresh) {
      figure.categories.push_back(name);
    }
    return static_cast<double>(at->second);
  };
  for (const auto& input : inputs) {
    for (const auto& variant : input.document.value("variants", json::array())) {
      add(variant.value("name", ""));
    }
  }
  const double width = static_cast<double>(figure.categories.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    Series points;
    points.name = inputs[i].name;
    Series whiskers;
    whiskers.name = fmt::format("{}, ± SD", inputs[i].name);
    whiskers.coloured_as = inputs[i].name;
    whiskers.mark = Mark::line;
    const double shift = 0.15 * (static_cast<double>(i) - 0.5 * static_cast<double>(inputs.size() - 1));
    for (const auto& variant : inputs[i].document.value("variants", json::array())) {
      const auto ensemble = variant.value("over_folds", json::object()).value("ensemble", json::object());
      const auto found = ensemble.value(score, json::object());
      const double mean = value_of(found, "mean");
      if (variant.value("share", 1.0) == 1.0 && std::isfinite(mean)) {
        const double x = add(variant.value("name", "")) + shift;
        points.add(x, mean, fmt::format("{}, {}", variant.value("name", ""), inputs[i].name));
        add_whisker(whiskers, x, mean - value_of(found, "sd"), mean + value_of(found, "sd"));
      }
    }
    if (points.x.empty()) {
      continue;
    }
    figure.series.push_back(points);
    figure.series.push_back(whiskers);
    if (const double shuffled = shuffled_score(inputs[i].document, score); std::isfinite(shuffled)) {
      figure.series.push_back(Series::guide(fmt::format("{}, labels shuffled", inputs[i].name),
                                            {-0.5, shuffled}, {width - 0.5, shuffled}));
    }
  }
  return figure;
}

/// The first and the last epoch of all curves.
std::pair<double, double> epochs_of(const Figure& figure) {
  auto range = std::pair(std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity());
  for (const auto& series : figure.series) {
    for (const double epoch : series.x) {
      range = {std::min(range.first, epoch), std::max(range.second, epoch)};
    }
  }
  return range;
}

/// Scores by epoch, the mean over the folds.
Figure curve_figure(const CrossvalidationInput& input, const std::string& column, const std::string& title) {
  Figure figure;
  figure.name = fmt::format("training-{}", column);
  std::ranges::replace(figure.name, '_', '-');
  figure.title = fmt::format("{} by epoch, {}", title, input.name);
  figure.x = {"epoch", false, {}, {}};
  figure.y = {title, false, {}, {}};
  const auto path = input.folder / "curves.csv";
  if (!std::filesystem::exists(path)) {
    return figure;
  }
  const auto table = CsvTable::read(path);
  const auto variant = table.column("variant");
  const auto epoch = table.column("epoch");
  const auto score = table.column(column);
  std::vector<std::string> order;
  std::map<std::string, std::map<int, std::pair<double, int>>> sums;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const auto number = parse_number(table.cell(row, score));
    const auto at = parse_integer(table.cell(row, epoch));
    if (number && at && std::isfinite(*number)) {
      const auto& name = table.cell(row, variant);
      if (!sums.contains(name)) {
        order.push_back(name);
      }
      auto& [sum, count] = sums[name][static_cast<int>(*at)];
      sum += *number;
      ++count;
    }
  }
  figure.caption =
      order.size() > most_curves
          ? fmt::format("Mean over the folds, of structures that were left out; the first {} of {} variants.",
                        most_curves, order.size())
          : "Mean over the folds, of structures that were left out.";
  order.resize(std::min(order.size(), most_curves));
  for (const auto& name : order) {
    Series series;
    series.name = name;
    series.mark = Mark::line;
    for (const auto& [at, sum] : sums[name]) {
      series.add(at, sum.first / sum.second);
    }
    figure.series.push_back(series);
  }
  const double shuffled = shuffled_score(input.document, column);
  if (!figure.empty() && std::isfinite(shuffled)) {
    const auto [first, last] = epochs_of(figure);
    figure.series.push_back(Series::guide("labels shuffled", {first, shuffled}, {last, shuffled}));
    figure.caption += " Dashed: shuffled training labels.";
  }
  return figure;
}

} // namespace

std::vector<Figure> evaluation_figures(const json& document) {
  return {conductivity_figure(document), precision_recall_figure(document), enrichment_figure(document),
          calibration_figure(document)};
}

CrossvalidationInput read_crossvalidation(const std::filesystem::path& folder) {
  const auto path = folder / "crossvalidation.json";
  CrossvalidationInput input;
  input.folder = folder;
  input.document = parse_json_or_discard(read_file(path));
  IONSIFT_VALIDATE(input.document.is_object() && input.document.contains("variants"), format,
                   fmt::format("{} was not written by ionsift crossvalidate", path.string()),
                   "it lists no variants", "Name the folder that crossvalidate wrote.");
  input.name = fmt::format("by {}", input.document.value("by", "fold"));
  return input;
}

std::vector<Figure> crossvalidation_figures(const std::vector<CrossvalidationInput>& inputs) {
  std::vector<Figure> figures = {score_figure(inputs, "average_precision", "average precision"),
                                 score_figure(inputs, "auc_pr", "AUC-PR"),
                                 score_figure(inputs, "mcc", "MCC")};
  for (const auto& input : inputs) {
    auto curve = curve_figure(input, "average_precision", "average precision");
    if (!curve.empty()) {
      figures.push_back(std::move(curve));
      figures.push_back(curve_figure(input, "mcc", "MCC"));
      figures.push_back(curve_figure(input, "loss", "training loss"));
      break;
    }
  }
  return figures;
}

} // namespace ionsift::report
