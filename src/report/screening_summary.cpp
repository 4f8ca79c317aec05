// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/chemistry/element.hpp"
#include "ionsift/report/screening_tables.hpp"

#include "score_documents.hpp"
#include "text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <utility>

namespace ionsift::report {

namespace {

constexpr std::size_t rows_in_summary = 50;

nlohmann::json path_or_null(const std::optional<std::filesystem::path>& path) {
  return path ? nlohmann::json(path->string()) : nlohmann::json();
}

nlohmann::json elements_json(const screen::ElementSet& set) {
  nlohmann::json symbols = nlohmann::json::array();
  for (const int element : set) {
    symbols.push_back(std::string(crystal::element(element).symbol));
  }
  return symbols;
}

nlohmann::json filters_json(const screen::FilterOptions& filters) {
  return {{"asked", screen::chosen_filters(filters)},
          {"min_probability", filters.min_probability},
          {"min_band_gap_eV", filters.min_band_gap},
          {"unknown_gap", filters.keep_unknown_gap ? "keep" : "drop"},
          {"exclude_elements", elements_json(filters.excluded)},
          {"require_elements", elements_json(filters.required)},
          {"min_elements", filters.min_elements},
          {"max_hull_eV_per_atom", filters.max_hull ? nlohmann::json(*filters.max_hull) : nlohmann::json()},
          {"unknown_hull", filters.keep_unknown_hull ? "keep" : "drop"},
          {"min_composition_distance", filters.min_composition_distance}};
}

nlohmann::json options_json(const screen::ScreeningOptions& options) {
  return {{"store", options.store.string()},
          {"reference", options.reference.string()},
          {"ensemble", options.ensemble.string()},
          {"gap_parent", path_or_null(options.gap_parent)},
          {"gaps", path_or_null(options.gaps)},
          {"hull", path_or_null(options.hull)},
          {"gap_graph", options.study_gap_graph ? "study" : "own"},
          {"all_gaps", options.all_gaps},
          {"novelty_tolerance", options.novelty_tolerance},
          {"filters", filters_json(options.filters)},
          {"component_scaling", std::string(dataset::name_of(options.scaling))},
          {"chunk", options.chunk},
          {"keep", options.keep},
          {"group", options.group}};
}

/// The filters in their order with what they dropped and what was left behind them.
nlohmann::json funnel_json(const screen::Funnel& funnel) {
  nlohmann::json steps = nlohmann::json::array();
  auto left = funnel.structures;
  for (const auto filter : screen::all_filters) {
    const auto dropped = funnel.dropped[static_cast<std::size_t>(filter)];
    left -= dropped;
    steps.push_back({{"filter", std::string(screen::name_of(filter))},
                     {"reason", std::string(screen::reason_of(filter))},
                     {"dropped", dropped},
                     {"left", left}});
  }
  return {{"structures", funnel.structures}, {"filters", steps}, {"kept", funnel.kept}};
}

/// A few bins for figures; quantiles come from the fine ones.
nlohmann::json histogram_json(const screen::Histogram& fine, std::size_t bins) {
  const auto histogram = fine.coarser(bins);
  std::vector<std::uint64_t> counts;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    counts.push_back(histogram.count(bin));
  }
  nlohmann::json quantiles = nlohmann::json::object();
  for (const double share : {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99}) {
    quantiles[fmt::format("{:.2f}", share)] = number_or_null(fine.quantile(share));
  }
  return {{"low", histogram.low()},     {"high", histogram.high()},
          {"counts", counts},           {"below", histogram.below()},
          {"above", histogram.above()}, {"unknown", histogram.unknown()},
          {"quantiles", quantiles},     {"largest_error_of_quantiles", fine.width() / 2}};
}

nlohmann::json candidate_json(const screen::Candidate& row) {
  return {{"formula", row.formula},
          {"id", row.id},
          {"P_SI", number_or_null(row.probability)},
          {"SD", number_or_null(row.sd)},
          {"band_gap_eV", number_or_null(row.band_gap)},
          {"band_gap_source", row.band_gap_source},
          {"known_band_gap_eV", number_or_null(row.known_gap)},
          {"predicted_band_gap_eV", number_or_null(row.predicted_gap)},
          {"d_training", number_or_null(row.d_training)},
          {"nearest_training_id", row.nearest_id},
          {"nearest_training_formula", row.nearest_formula},
          {"nearest_training_class", row.nearest_label},
          {"composition_distance", number_or_null(row.composition_distance)},
          {"energy_above_hull_eV_per_atom", number_or_null(row.hull)},
          {"group_size", row.group_size}};
}

void print_funnel(std::ostream& out, const screen::Funnel& funnel) {
  TextTable table({"step", "dropped", "left"}, {Align::left, Align::right, Align::right});
  auto left = funnel.structures;
  table.add({"structures", "", std::to_string(left)});
  for (const auto filter : screen::all_filters) {
    const auto dropped = funnel.dropped[static_cast<std::size_t>(filter)];
    left -= dropped;
    // Most are inactive; active ones that drop nothing are listed in summary.json.
    if (dropped > 0) {
      table.add({std::string(screen::reason_of(filter)), std::to_string(dropped), std::to_string(left)});
    }
  }
  table.add({"kept", "", std::to_string(funnel.kept)});
  table.print(out);
}

/// The first line of a table of candidates, and how its columns stand.
TextTable candidate_table(bool wide) {
  std::vector<std::string> header = {"rank", "formula", "id", "P_SI", "SD", "expected"};
  std::vector<Align> alignment = {Align::right, Align::left,  Align::left,
                                  Align::right, Align::right, Align::right};
  if (wide) {
    header.insert(header.end(), {"E_g/eV", "d_training"});
    alignment.insert(alignment.end(), 2, Align::right);
  }
  header.emplace_back(wide ? "nearest measured" : "nearest");
  alignment.push_back(Align::left);
  if (!wide) {
    header.emplace_back("S/cm");
    alignment.push_back(Align::right);
  }
  return {std::move(header), std::move(alignment)};
}

/// "Li6PS5Cl: < 2.0e-03 S/cm (10.1/x)" as "Li6PS5Cl" and "< 2.0e-03".
std::pair<std::string, std::string> formula_and_value(const std::string& nearest) {
  const auto colon = nearest.find(": ");
  if (colon == std::string::npos) {
    return {nearest, ""};
  }
  const auto value = nearest.substr(colon + 2, nearest.find(" (", colon) - colon - 2);
  return {nearest.substr(0, colon), value.substr(0, value.find(" S/cm"))};
}

void print_candidates(std::ostream& out, const std::vector<screen::Candidate>& kept,
                      const screen::MeasuredCompounds& measured, std::size_t top, bool wide) {
  auto table = candidate_table(wide);
  double expected = 0; // superionic among those down to a row
  std::size_t printed = 0;
  for (std::size_t i = 0; i < std::min(top, kept.size()) && kept[i].leads(); ++i) {
    const auto& row = kept[i];
    expected += row.probability;
    ++printed;
    std::vector<std::string> cells = {std::to_string(i + 1),
                                      row.formula,
                                      row.id,
                                      format_number(row.probability, 3, "-"),
                                      format_number(row.sd, 3, "-"),
                                      format_number(expected, 1, "-")};
    const auto nearest = screen::nearest_measured(row, measured).front();
    if (wide) {
      cells.push_back(format_number(row.band_gap, 2, "-"));
      cells.push_back(format_number(row.d_training, 2, "-"));
    }
    if (wide) {
      cells.push_back(nearest);
    } else {
      auto [formula, value] = formula_and_value(nearest);
      cells.push_back(std::move(formula));
      cells.push_back(std::move(value));
    }
    table.add(std::move(cells));
  }
  if (!wide) {
    table.fit(terminal_width);
  }
  table.print(out);
  if (printed > 0) {
    out << fmt::format("expected superionic among {}: {:.1f}, the sum of P_SI\n",
                       printed == 1 ? "this one" : fmt::format("these {}", printed), expected);
  }
}

} // namespace

nlohmann::json screening_summary(const screen::ScreeningOptions& options,
                                 const screen::ScreeningResult& result) {
  const auto& reductions = result.reductions;
  nlohmann::json top = nlohmann::json::array();
  for (const auto& row : result.kept) {
    if (top.size() == rows_in_summary || !row.leads()) {
      break;
    }
    top.push_back(candidate_json(row));
  }
  return {{"options", options_json(options)},
          {"funnel", funnel_json(reductions.funnel)},
          {"candidates",
           {{"listed", result.kept.size()},
            {"cut", reductions.funnel.kept - result.kept.size()},
            {"compared", result.grouped},
            {"same_as_another", result.same_as_another}}},
          {"band_gaps",
           {{"known", reductions.gaps_known},
            {"predicted", reductions.gaps_predicted},
            {"both", reductions.gap_errors.count()},
            {"mean_absolute_error_eV", number_or_null(reductions.gap_errors.mean_absolute())},
            {"bias_eV", number_or_null(reductions.gap_errors.bias())}}},
          {"principal_components", {{"explained_variance", result.explained}}},
          {"histograms",
           {{"P_SI_ordered", histogram_json(reductions.ordered, 50)},
            {"P_SI_disordered", histogram_json(reductions.disordered, 50)},
            {"band_gap_eV", histogram_json(reductions.band_gap, 100)},
            {"d_training", histogram_json(reductions.d_training, 100)}}},
          {"top", top}};
}

void print_screening(std::ostream& out, const screen::ScreeningResult& result, std::size_t top, bool wide) {
  const auto& reductions = result.reductions;
  print_funnel(out, reductions.funnel);
  if (const auto& errors = reductions.gap_errors; errors.count() > 0) {
    out << fmt::format(
        "\npredicted band gaps: mean error {:.2f} eV, bias {:+.2f} eV, against {} known ones\n",
        errors.mean_absolute(), errors.bias(), errors.count());
  }
  if (const auto cut = reductions.funnel.kept - result.kept.size(); cut > 0) {
    out << fmt::format(
        "\nthe table lists the best {}; {} more are in ranking.csv and predictions.h5 (--keep)\n",
        result.kept.size(), cut);
  }
  if (result.same_as_another > 0) {
    out << fmt::format("\n{} of the best {} have the structure of another and are not numbered\n",
                       result.same_as_another, result.grouped);
  }
  if (top > 0 && !result.kept.empty()) {
    out << '\n';
    print_candidates(out, result.kept, result.measured, top, wide);
  }
}

} // namespace ionsift::report
