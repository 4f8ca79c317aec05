// SPDX-License-Identifier: BSD-3-Clause
// Which field of a row is which column; the one place for writing and reading.
#pragma once

#include "ionsift/screen/candidate.hpp"

#include <fmt/format.h>

#include <string>

namespace ionsift::screen {

/// Calls visit(name, field) for each column. `Row` is Candidate or const Candidate; a field is text, double,
/// int, std::int8_t or bool.
template <typename Row, typename Visit>
void visit_columns(Row& row, const Visit& visit) {
  visit("id", row.id);
  visit("formula", row.formula);
  visit("source", row.source);
  visit("sha256", row.sha256);
  visit("ordered", row.ordered);
  visit("P_SI", row.probability);
  visit("SD", row.sd);
  for (std::size_t q = 0; q < member_quantiles.size(); ++q) {
    visit(fmt::format("P_SI_{:02.0f}", 100 * member_quantiles[q]), row.quantile[q]);
  }
  visit("d_training", row.d_training);
  visit("d_centroid", row.d_centroid);
  for (std::size_t c = 0; c < row.component.size(); ++c) {
    visit(fmt::format("PC{}", c + 1), row.component[c]);
  }
  visit("nearest_training_id", row.nearest_id);
  visit("nearest_training_formula", row.nearest_formula);
  visit("nearest_training_class", row.nearest_label);
  visit("band_gap", row.band_gap);
  visit("band_gap_source", row.band_gap_source);
  visit("known_band_gap", row.known_gap);
  visit("predicted_band_gap", row.predicted_gap);
  visit("intermetallic", row.intermetallic);
  visit("metallic", row.metallic);
  visit("lithium", row.lithium);
  visit("hydrogen", row.hydrogen);
  visit("redox_metals", row.redox_metals);
  visit("radioactive", row.radioactive);
  visit("toxic", row.toxic);
  visit("scarce", row.scarce);
  visit("excluded_elements", row.excluded);
  visit("lacking_elements", row.lacking);
  visit("element_count", row.elements);
  visit("energy_above_hull", row.hull);
  visit("known_as", row.known_as);
  visit("composition_distance", row.composition_distance);
  visit("nearest_composition_id", row.nearest_composition);
  for (std::size_t n = 0; n < row.next_compositions.size(); ++n) {
    visit(fmt::format("composition_distance_{}", n + 2), row.next_compositions[n].distance);
    visit(fmt::format("nearest_composition_id_{}", n + 2), row.next_compositions[n].id);
  }
  for (const auto filter : all_filters) {
    visit(fmt::format("passes_{}", name_of(filter)), row.verdicts[static_cast<std::size_t>(filter)]);
  }
}

} // namespace ionsift::screen
