// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/screen/measured.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/crystal/chemistry/near_composition.hpp"

#include "candidate_columns.hpp"

#include <fmt/ranges.h>

#include <cmath>
#include <type_traits>
#include <vector>

namespace ionsift::screen {

namespace {

const MeasuredCompound* find(const MeasuredCompounds& measured, const std::string& id) {
  const auto found = measured.find(id);
  return id.empty() || found == measured.end() ? nullptr : &found->second;
}

/// Whether two formulas are of one composition, to what is written of it: a thousandth in each fraction.
bool is_same_composition(const std::string& a, const std::string& b) {
  try {
    const auto difference = crystal::RoundedComposition(crystal::Composition::parse(a))
                                .difference(crystal::RoundedComposition(crystal::Composition::parse(b)));
    return difference && *difference <= 1;
  } catch (const Error&) {
    return a == b;
  }
}

/// "measured already: ..." or "composition known: ..."; empty where neither is.
std::string known_text(const Candidate& row, const MeasuredCompounds& measured) {
  if (row.known_as.empty()) {
    return {};
  }
  const auto* known = find(measured, row.known_as);
  if (known == nullptr) {
    return fmt::format("composition known: like {}", row.known_as);
  }
  const bool says_something = !std::isnan(known->conductivity) || known->superionic.has_value();
  if (row.known_as == row.id || is_same_composition(row.formula, known->formula)) {
    return says_something             ? "measured already: " + describe(*known)
           : known->reference.empty() ? std::string("composition known")
                                      : fmt::format("composition known: {}", known->reference);
  }
  return fmt::format("composition known: like {}{}", known->formula,
                     says_something ? ", " + describe(*known) : "");
}

/// The value of the column that a filter reads, where it says more than that the filter failed.
std::string value_read_by(const FilterRow& filter, const Candidate& row) {
  std::string text;
  visit_columns(row, [&]<typename Field>(const std::string& name, const Field& field) {
    if (name != filter.reads) {
      return;
    }
    if constexpr (std::is_same_v<Field, std::string>) {
      text = field;
    } else if constexpr (std::is_same_v<Field, double>) {
      text = std::isnan(field) ? "" : fmt::format("{:.2f}", field);
    } else if constexpr (std::is_same_v<Field, int>) {
      text = std::to_string(field);
    }
  });
  return text;
}

std::string likelihood(double probability) {
  constexpr double likely = 0.7, unlikely = 0.3;
  return probability >= likely ? "Likely" : probability >= unlikely ? "Open" : "Unlikely";
}

std::string certainty(double sd) {
  constexpr double small = 0.1, large = 0.2;
  return sd < small ? "members agree" : sd < large ? "members differ somewhat" : "members disagree";
}

std::string placement(const Candidate& row, const CommentScale& scale) {
  if (std::isnan(row.d_training) || std::isnan(scale.usual_distance)) {
    return {};
  }
  return row.d_training <= scale.usual_distance
             ? fmt::format("an interpolation (d_training {:.2f}; 95 % of the training structures are within "
                           "{:.2f} of another)",
                           row.d_training, scale.usual_distance)
             : fmt::format("an extrapolation (d_training {:.2f}; 95 % of the training structures are within "
                           "{:.2f} of another)",
                           row.d_training, scale.usual_distance);
}

std::vector<std::string> objections(const Candidate& row, const MeasuredCompounds& measured) {
  std::vector<std::string> against;
  const auto add = [&](bool holds, std::string text) {
    if (holds) {
      against.push_back(std::move(text));
    }
  };
  const auto* nearest = find(measured, row.nearest_composition);
  add(nearest != nullptr && nearest->superionic == false,
      nearest == nullptr ? "" : fmt::format("{} is a poor conductor", nearest->formula));
  add(row.intermetallic, "no charges balance");
  add(row.metallic, "no anion former");
  add(!row.redox_metals.empty(), fmt::format("{} may conduct electrons", row.redox_metals));
  add(row.hydrogen, "it has hydrogen");
  add(!row.radioactive.empty(), fmt::format("{} is radioactive", row.radioactive));
  add(!row.toxic.empty(), fmt::format("{} is toxic", row.toxic));
  add(!row.scarce.empty(), fmt::format("{} is scarce", row.scarce));
  constexpr double far_above_hull = 0.1; // eV/atom
  add(row.hull > far_above_hull, fmt::format("{:.2f} eV/atom above the hull", row.hull));
  add(std::isnan(row.band_gap), "the band gap is not known");
  return against;
}

} // namespace

std::string describe(const MeasuredCompound& compound) {
  auto text = !std::isnan(compound.conductivity)
                  ? fmt::format("{}{:.1e} S/cm", compound.upper_bound ? "< " : "", compound.conductivity)
              : compound.superionic ? std::string(*compound.superionic ? "superionic" : "not superionic")
                                    : std::string();
  if (!compound.reference.empty()) {
    text += fmt::format("{}({})", text.empty() ? "" : " ", compound.reference);
  }
  return text.empty() ? "-" : text;
}

std::string status_of(const Candidate& row, const MeasuredCompounds& measured) {
  const auto known = known_text(row, measured);
  if (!row.dropped_by) {
    return known.empty() ? "candidate" : "candidate: " + known;
  }
  const auto& filter = row_of(*row.dropped_by);
  if (filter.option == "always") {
    return fmt::format("not judged: {}", filter.reason);
  }
  static const auto lithium = filter_named("no_lithium");
  if (!known.empty() && row.dropped_by != lithium) {
    return known;
  }
  const auto value = value_read_by(filter, row);
  return value.empty() ? std::string(filter.reason) : fmt::format("{}: {}", filter.reason, value);
}

std::array<std::string, measured_neighbours> nearest_measured(const Candidate& row,
                                                              const MeasuredCompounds& measured) {
  std::array<std::string, measured_neighbours> texts;
  std::array<const std::string*, measured_neighbours> ids{&row.nearest_composition};
  for (std::size_t n = 1; n < ids.size(); ++n) {
    ids[n] = &row.next_compositions[n - 1].id;
  }
  for (std::size_t n = 0; n < ids.size(); ++n) {
    if (const auto* compound = find(measured, *ids[n])) {
      texts[n] = fmt::format("{}: {}", compound->formula, describe(*compound));
    } else if (!ids[n]->empty()) {
      texts[n] = fmt::format("{}: -", *ids[n]);
    }
  }
  return texts;
}

std::string comment_on(const Candidate& row, const MeasuredCompounds& measured, const CommentScale& scale) {
  auto text = fmt::format("{} (P_SI {:.2f}); {} (SD {:.2f}).", likelihood(row.probability), row.probability,
                          certainty(row.sd), row.sd);
  const auto nearest = nearest_measured(row, measured).front();
  const auto place = placement(row, scale);
  if (!nearest.empty()) {
    text += fmt::format(" Resembles {}", nearest);
    text += place.empty() ? "." : fmt::format("; {}.", place);
  } else if (!place.empty()) {
    text += fmt::format(" It is {}.", place);
  }
  const auto against = objections(row, measured);
  return text + (against.empty() ? std::string(" No active filter speaks against it.")
                                 : fmt::format(" Against it: {}.", fmt::join(against, "; ")));
}

} // namespace ionsift::screen
