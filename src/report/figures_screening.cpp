#include "ionsift/base/error.hpp"
#include "ionsift/report/figures.hpp"
#include "ionsift/screen/prediction_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <queue>
#include <unordered_set>

namespace ionsift::report {

namespace {

using nlohmann::json;

Figure funnel_figure(const json& funnel) {
  Figure figure;
  figure.name = "funnel";
  figure.title = "What each filter leaves";
  figure.caption = "Filters in the order in which they are asked; those that were not asked are left out. "
                   "The scale is logarithmic.";
  figure.x = {"after the filter", false, {}, {}};
  figure.y = {"structures left", true, 0.8, {}};
  Series bars;
  bars.name = "left";
  bars.mark = Mark::bars;
  const auto add = [&](const std::string& name, double left) {
    figure.categories.push_back(name);
    bars.add(static_cast<double>(bars.x.size()), left);
  };
  add("all", funnel.value("structures", 0.0));
  for (const auto& filter : funnel.value("filters", json::array())) {
    if (filter.value("dropped", 0.0) > 0) {
      auto name = filter.value("filter", "");
      std::ranges::replace(name, '_', ' ');
      add(name, filter.value("left", 0.0));
    }
  }
  figure.series = {bars};
  return figure;
}

/// Bars in the middle of each bin; a histogram without counts adds nothing.
void add_histogram(Figure& figure, const json& histogram, const std::string& name) {
  const auto counts = histogram.value("counts", std::vector<double>());
  const double low = histogram.value("low", 0.0);
  const double width =
      (histogram.value("high", 1.0) - low) / static_cast<double>(std::max<std::size_t>(1, counts.size()));
  Series series;
  series.name = name;
  series.mark = Mark::line;
  double total = 0;
  for (std::size_t bin = 0; bin < counts.size(); ++bin) {
    const double left = low + width * static_cast<double>(bin);
    // Steps: a bar chart of fifty bars and two series is unreadable in grey.
    series.add(left, counts[bin]);
    series.add(left + width, counts[bin]);
    total += counts[bin];
  }
  if (total > 0) {
    figure.series.push_back(series);
  }
}

Figure histogram_figure(const json& histograms) {
  Figure figure;
  figure.name = "p-si-histogram";
  figure.title = "P_SI of all structures screened";
  figure.caption = "Ordered and disordered structures apart. Most structures of a database are nothing like "
                   "a superionic conductor; the second picture "
                   "begins at 0.5, where candidates do.";
  figure.x = {"P_SI", false, 0.0, 1.0};
  figure.y = {"structures", true, 0.8, {}};
  figure.inset_from = 0.5;
  add_histogram(figure, histograms.value("P_SI_ordered", json::object()), "ordered");
  add_histogram(figure, histograms.value("P_SI_disordered", json::object()), "disordered");
  return figure;
}

struct SamplePoint {
  std::string hash;
  double distance, probability, sd;
  std::string label;
  bool operator<(const SamplePoint& other) const { return hash < other.hash; }
};

void add_point(Series& series, double distance, double probability, double sd, std::string label) {
  series.add(distance, probability, std::move(label));
  series.value.push_back(sd);
}

} // namespace

std::vector<Figure> screening_figures(const json& summary) {
  return {funnel_figure(summary.value("funnel", json::object())),
          histogram_figure(summary.value("histograms", json::object()))};
}

Figure distance_figure(const std::filesystem::path& predictions, const std::vector<std::string>& rows,
                       std::uint64_t points) {
  const std::unordered_set<std::string> listed(rows.begin(), rows.end());
  const screen::PredictionReader reader(predictions);
  Series kept;
  kept.name = "in the table of candidates";
  std::priority_queue<SamplePoint> sample; // the largest hash on top, to be thrown out
  for (std::uint64_t first = 0; first < reader.size(); first += screen::rows_at_once) {
    const auto count = std::min(screen::rows_at_once, reader.size() - first);
    for (auto& row : reader.rows(first, count)) {
      if (!std::isfinite(row.probability) || !std::isfinite(row.d_training)) {
        continue;
      }
      auto label = fmt::format("{} ({})", row.formula, row.id);
      if (listed.contains(row.id)) {
        add_point(kept, row.d_training, row.probability, row.sd, std::move(label));
        kept.row.push_back(row.id);
      } else if (sample.size() < points || (points > 0 && row.sha256 < sample.top().hash)) {
        sample.push({row.sha256, row.d_training, row.probability, row.sd, std::move(label)});
        if (sample.size() > points) {
          sample.pop();
        }
      }
    }
  }
  Series others;
  others.name = sample.size() + kept.x.size() < reader.size() ? fmt::format("{} of the others", sample.size())
                                                              : std::string("others");
  for (; !sample.empty(); sample.pop()) {
    const auto& point = sample.top();
    add_point(others, point.distance, point.probability, point.sd, point.label);
  }
  Figure figure;
  figure.name = "p-si-against-d-training";
  figure.title = "P_SI against the distance to the training set";
  figure.caption = "d_training is 1 where a structure is as far from its nearest training structure as those "
                   "are from their centre on average. Far to the "
                   "right, P_SI is an extrapolation. Colour: SD, by how much the members disagree.";
  figure.x = {"d_training", false, 0.0, {}};
  figure.y = {"P_SI", false, 0.0, 1.0};
  figure.value = "SD";
  figure.series = {others, kept};
  return figure;
}

} // namespace ionsift::report
