// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/report/figures.hpp"

#include <algorithm>

namespace ionsift::report {

namespace {

using nlohmann::json;

Figure funnel_figure(const json& funnel) {
  Figure figure;
  figure.name = "funnel";
  figure.title = "What each filter leaves";
  figure.caption = "Active filters in the order in which they are applied. "
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

} // namespace

std::vector<Figure> screening_figures(const json& summary) {
  return {funnel_figure(summary.value("funnel", json::object())),
          histogram_figure(summary.value("histograms", json::object()))};
}

} // namespace ionsift::report
