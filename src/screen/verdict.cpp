#include "ionsift/screen/screening.hpp"

#include <algorithm>
#include <cmath>

namespace ionsift::screen {

std::string_view name_of(Filter filter) {
  switch (filter) {
  case Filter::features:
    return "features";
  case Filter::probability:
    return "probability";
  case Filter::intermetallic:
    return "intermetallic";
  case Filter::band_gap:
    return "band_gap";
  case Filter::novelty:
    return "novelty";
  }
  return "unknown";
}

namespace {

/// Comparisons are written so that NaN fails.
bool passes(Filter filter, const Candidate& row, const ScreeningOptions& options) {
  switch (filter) {
  case Filter::features:
    return !std::isnan(row.probability);
  case Filter::probability:
    return row.probability >= options.min_probability;
  case Filter::intermetallic:
    return !row.intermetallic;
  case Filter::band_gap:
    return (!options.gap_parent && !options.gaps) || row.band_gap >= options.min_band_gap;
  case Filter::novelty:
    return row.known_as.empty();
  }
  return false;
}

} // namespace

std::optional<Filter> first_failed(const Candidate& row, const ScreeningOptions& options) {
  for (const auto filter : all_filters) {
    if (!passes(filter, row, options)) {
      return filter;
    }
  }
  return std::nullopt;
}

std::vector<std::size_t> rank_candidates(const std::vector<Candidate>& rows) {
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].dropped_by) {
      kept.push_back(i);
    }
  }
  std::sort(kept.begin(), kept.end(), [&rows](std::size_t a, std::size_t b) {
    if (rows[a].probability != rows[b].probability) {
      return rows[a].probability > rows[b].probability;
    }
    return rows[a].id != rows[b].id ? rows[a].id < rows[b].id : a < b;
  });
  return kept;
}

} // namespace ionsift::screen
