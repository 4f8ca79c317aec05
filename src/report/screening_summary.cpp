#include "ionsift/report/screening_tables.hpp"

#include "text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ostream>

namespace ionsift::report {

namespace {

constexpr std::size_t rows_in_summary = 50;

nlohmann::json number_or_null(double value) {
  return std::isnan(value) ? nlohmann::json() : nlohmann::json(value);
}

nlohmann::json path_or_null(const std::optional<std::filesystem::path>& path) {
  return path ? nlohmann::json(path->string()) : nlohmann::json();
}

nlohmann::json options_json(const screen::ScreeningOptions& options) {
  return {{"store", options.store.string()},
          {"reference", options.reference.string()},
          {"ensemble", options.ensemble.string()},
          {"gap_parent", path_or_null(options.gap_parent)},
          {"gaps", path_or_null(options.gaps)},
          {"gap_graph", options.study_gap_graph ? "study" : "own"},
          {"min_probability", options.min_probability},
          {"min_band_gap_eV", options.min_band_gap},
          {"novelty_tolerance", options.novelty_tolerance},
          {"component_scaling", std::string(dataset::name_of(options.scaling))},
          {"chunk", options.chunk}};
}

/// The filters in their order with what they dropped and what was left behind them.
nlohmann::json funnel_json(const screen::Funnel& funnel) {
  nlohmann::json steps = nlohmann::json::array();
  auto left = funnel.structures;
  for (std::size_t f = 0; f < screen::all_filters.size(); ++f) {
    left -= funnel.dropped[f];
    steps.push_back({{"filter", std::string(screen::name_of(screen::all_filters[f]))},
                     {"dropped", funnel.dropped[f]},
                     {"left", left}});
  }
  return {{"structures", funnel.structures}, {"filters", steps}, {"kept", funnel.kept}};
}

nlohmann::json candidate_json(const screen::Candidate& row) {
  return {{"formula", row.formula},
          {"id", row.id},
          {"P_SI", number_or_null(row.probability)},
          {"SD", number_or_null(row.sd)},
          {"band_gap_eV", number_or_null(row.band_gap)},
          {"band_gap_source", row.band_gap_source},
          {"predicted_band_gap_eV", number_or_null(row.predicted_gap)},
          {"d_training", number_or_null(row.d_training)},
          {"nearest_training_id", row.nearest_id},
          {"nearest_training_class", row.nearest_label}};
}

std::string describe(screen::Filter filter) {
  switch (filter) {
  case screen::Filter::features:
    return "no atoms in the representation";
  case screen::Filter::probability:
    return "probability too low";
  case screen::Filter::intermetallic:
    return "intermetallic";
  case screen::Filter::band_gap:
    return "band gap too small or unknown";
  case screen::Filter::novelty:
    return "composition known from training";
  }
  return {};
}

void print_funnel(std::ostream& out, const screen::Funnel& funnel) {
  TextTable table({"step", "dropped", "left"}, {Align::left, Align::right, Align::right});
  auto left = funnel.structures;
  table.add({"structures", "", std::to_string(left)});
  for (std::size_t f = 0; f < screen::all_filters.size(); ++f) {
    left -= funnel.dropped[f];
    table.add({describe(screen::all_filters[f]), std::to_string(funnel.dropped[f]), std::to_string(left)});
  }
  table.print(out);
}

void print_candidates(std::ostream& out, const std::vector<screen::Candidate>& rows, std::size_t top) {
  TextTable table({"rank", "formula", "id", "P_SI", "SD", "E_g/eV", "from", "d_training", "nearest"},
                  {Align::right, Align::left, Align::left, Align::right, Align::right, Align::right,
                   Align::left, Align::right, Align::left});
  const auto order = screen::rank_candidates(rows);
  for (std::size_t i = 0; i < std::min(top, order.size()); ++i) {
    const auto& row = rows[order[i]];
    table.add({std::to_string(i + 1), row.formula, row.id, format_number(row.probability, 3, "-"),
               format_number(row.sd, 3, "-"), format_number(row.band_gap, 2, "-"), row.band_gap_source,
               format_number(row.d_training, 2, "-"),
               fmt::format("{} (class {})", row.nearest_id, row.nearest_label)});
  }
  table.print(out);
}

} // namespace

nlohmann::json screening_summary(const screen::ScreeningOptions& options,
                                 const screen::ScreeningResult& result) {
  nlohmann::json top = nlohmann::json::array();
  for (const auto position : screen::rank_candidates(result.rows)) {
    if (top.size() == rows_in_summary) {
      break;
    }
    top.push_back(candidate_json(result.rows[position]));
  }
  return {{"options", options_json(options)},
          {"funnel", funnel_json(result.funnel)},
          {"band_gaps",
           {{"known", result.gaps_known},
            {"predicted", result.gaps_predicted},
            {"both", result.gaps_both},
            {"mean_absolute_error_eV", number_or_null(result.gap_error)}}},
          {"top", top}};
}

void print_screening(std::ostream& out, const screen::ScreeningResult& result, std::size_t top) {
  print_funnel(out, result.funnel);
  if (result.gaps_both > 0) {
    out << fmt::format("\npredicted band gaps: mean error {:.2f} eV against {} known ones\n",
                       result.gap_error, result.gaps_both);
  }
  if (top > 0 && result.funnel.kept > 0) {
    out << '\n';
    print_candidates(out, result.rows, top);
  }
}

} // namespace ionsift::report
