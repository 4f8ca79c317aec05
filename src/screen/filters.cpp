// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/screen/filters.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/screen/candidate.hpp"

#include <fmt/ranges.h>

#include <cmath>
#include <vector>

namespace ionsift::screen {

namespace {

using Row = const Candidate&;
using Options = const FilterOptions&;

constexpr Verdict passed_if(bool passes) {
  return passes ? verdict_passed : verdict_failed;
}

/// Comparisons are written so that NaN fails. The order is that of asking: what costs nothing comes first,
/// and those that need the band gap last, because the parent predicts it only if all others have passed.
constexpr std::array registry = {
    FilterRow{.name = "features",
              .reason = "no features that the ensemble needs",
              .reads = "P_SI",
              .option = "always",
              .asked = [](Options) { return true; },
              .judge = [](Row row, Options) { return passed_if(!std::isnan(row.probability)); }},
    FilterRow{.name = "no_lithium",
              .reason = "no lithium",
              .reads = "lithium",
              .by_default = true,
              .judge = [](Row row, Options) { return passed_if(row.lithium); }},
    FilterRow{.name = "probability",
              .reason = "probability too low",
              .reads = "P_SI",
              .by_default = true,
              .judge = [](Row row, Options o) { return passed_if(row.probability >= o.min_probability); }},
    FilterRow{.name = "intermetallic",
              .reason = "no charges that balance",
              .reads = "intermetallic",
              .by_default = true,
              .judge = [](Row row, Options) { return passed_if(!row.intermetallic); }},
    FilterRow{.name = "metallic",
              .reason = "no anion former",
              .reads = "metallic",
              .judge = [](Row row, Options) { return passed_if(!row.metallic); }},
    FilterRow{.name = "hydrogen",
              .reason = "hydrogen",
              .reads = "hydrogen",
              .judge = [](Row row, Options) { return passed_if(!row.hydrogen); }},
    FilterRow{.name = "redox_metals",
              .reason = "redox-active transition metal",
              .reads = "redox_metals",
              .judge = [](Row row, Options) { return passed_if(row.redox_metals.empty()); }},
    FilterRow{.name = "radioactive",
              .reason = "radioactive element",
              .reads = "radioactive",
              .judge = [](Row row, Options) { return passed_if(row.radioactive.empty()); }},
    FilterRow{.name = "toxic",
              .reason = "toxic element",
              .reads = "toxic",
              .judge = [](Row row, Options) { return passed_if(row.toxic.empty()); }},
    FilterRow{.name = "scarce",
              .reason = "scarce element",
              .reads = "scarce",
              .judge = [](Row row, Options) { return passed_if(row.scarce.empty()); }},
    FilterRow{.name = "excluded_elements",
              .reason = "element on the list of excluded ones",
              .reads = "excluded_elements",
              .option = "--exclude-elements",
              .asked = [](Options o) { return !o.excluded.empty(); },
              .judge = [](Row row, Options) { return passed_if(row.excluded.empty()); }},
    FilterRow{.name = "required_elements",
              .reason = "required element is missing",
              .reads = "lacking_elements",
              .option = "--require-elements",
              .asked = [](Options o) { return !o.required.empty(); },
              .judge = [](Row row, Options) { return passed_if(row.lacking.empty()); }},
    FilterRow{.name = "element_count",
              .reason = "too few elements",
              .reads = "element_count",
              .option = "--min-elements",
              .asked = [](Options o) { return o.min_elements > 0; },
              .judge = [](Row row, Options o) { return passed_if(row.elements >= o.min_elements); }},
    FilterRow{.name = "hull",
              .reason = "too far above the hull",
              .reads = "energy_above_hull",
              .option = "--max-hull",
              .asked = [](Options o) { return o.max_hull.has_value(); },
              .judge =
                  [](Row row, Options o) {
                    return passed_if(std::isnan(row.hull) ? o.keep_unknown_hull : row.hull <= o.max_hull);
                  }},
    FilterRow{.name = "novelty",
              .reason = "composition known already",
              .reads = "known_as",
              .by_default = true,
              .judge = [](Row row, Options) { return passed_if(row.known_as.empty()); }},
    FilterRow{
        .name = "composition_distance",
        .reason = "composition near one of training",
        .reads = "composition_distance",
        .option = "--min-composition-distance",
        .asked = [](Options o) { return o.min_composition_distance > 0; },
        .judge = [](Row row,
                    Options o) { return passed_if(row.composition_distance >= o.min_composition_distance); }},
    FilterRow{.name = "band_gap_unknown",
              .reason = "band gap unknown",
              .reads = "band_gap",
              .option = "--unknown-gap",
              .needs_gap = true,
              .asked = [](Options o) { return o.gaps_known && o.lists("band_gap") && !o.keep_unknown_gap; },
              .judge = [](Row row, Options) { return passed_if(!std::isnan(row.band_gap)); }},
    FilterRow{.name = "band_gap",
              .reason = "band gap too small",
              .reads = "band_gap",
              .by_default = true,
              .needs_gap = true,
              .judge =
                  [](Row row, Options o) {
                    return std::isnan(row.band_gap) ? verdict_not_asked
                                                    : passed_if(row.band_gap >= o.min_band_gap);
                  }},
};
static_assert(registry.size() <= most_filters);

constexpr auto filter_positions = [] {
  std::array<Filter, registry.size()> result{};
  for (std::size_t i = 0; i < result.size(); ++i) {
    result[i] = static_cast<Filter>(i);
  }
  return result;
}();

constexpr std::size_t place(Filter filter) {
  return static_cast<std::size_t>(filter);
}

std::vector<std::string> listed_names() {
  std::vector<std::string> names;
  for (const auto& row : registry) {
    if (row.option.empty()) {
      names.emplace_back(row.name);
    }
  }
  return names;
}

} // namespace

constinit const std::span<const Filter> all_filters = filter_positions;

const FilterRow& row_of(Filter filter) {
  return registry[place(filter)];
}

std::optional<Filter> filter_of(std::string_view name) {
  for (const auto filter : all_filters) {
    if (name_of(filter) == name) {
      return filter;
    }
  }
  return std::nullopt;
}

Filter filter_named(std::string_view name) {
  const auto filter = filter_of(name);
  IONSIFT_ASSERT(filter, fmt::format("there is no filter '{}'", name));
  return *filter;
}

std::string listed_filters() {
  return fmt::format("{}", fmt::join(listed_names(), ", "));
}

FilterOptions::FilterOptions() {
  for (const auto filter : all_filters) {
    asked[place(filter)] = row_of(filter).by_default;
  }
}

bool FilterOptions::lists(std::string_view name) const {
  return asked[place(filter_named(name))];
}

bool FilterOptions::asks(Filter filter) const {
  const auto& row = row_of(filter);
  if (row.asked != nullptr) {
    return row.asked(*this);
  }
  return asked[place(filter)] && (gaps_known || !row.needs_gap);
}

void choose_filters(FilterOptions& options, std::string_view list) {
  options.asked.fill(false);
  for (const auto& part : split(list, ',')) {
    const auto name = trim(part);
    if (name.empty()) {
      continue;
    }
    const auto filter = filter_of(name);
    const auto names = listed_names();
    const auto near = nearest_word(name, names);
    IONSIFT_VALIDATE(filter, usage, fmt::format("there is no filter '{}'", name),
                     fmt::format("those that a list can hold are {}", fmt::join(names, ", ")),
                     near ? fmt::format("Did you mean '{}'?", *near) : "Give some of these.");
    const auto option = row_of(*filter).option;
    IONSIFT_VALIDATE(option.empty(), usage,
                     fmt::format("the filter '{}' cannot be activated in a list", name),
                     option == "always" ? "it is always active" : fmt::format("{} activates it", option),
                     "Leave it out of the list.");
    options.asked[place(*filter)] = true;
  }
}

std::string chosen_filters(const FilterOptions& options) {
  std::vector<std::string_view> names;
  for (const auto filter : all_filters) {
    if (options.asked[place(filter)]) {
      names.push_back(name_of(filter));
    }
  }
  return fmt::format("{}", fmt::join(names, ","));
}

void set_element_values(Candidate& row, const crystal::Composition& composition,
                        const FilterOptions& options) {
  constexpr int hydrogen = 1, lithium = 3;
  row.metallic = found_in(composition, anion_formers()).empty();
  row.lithium = composition.amount(lithium) > 0;
  row.hydrogen = composition.amount(hydrogen) > 0;
  row.redox_metals = found_in(composition, redox_metals());
  row.radioactive = found_in(composition, radioactive_elements());
  row.toxic = found_in(composition, toxic_elements());
  row.scarce = found_in(composition, scarce_elements());
  row.excluded = found_in(composition, options.excluded);
  row.lacking = missing_from(composition, options.required);
  row.elements = 0;
  for (const auto& [element, amount] : composition.amounts()) {
    row.elements += amount > 0 ? 1 : 0;
  }
}

namespace {

void judge(Filter filter, Candidate& row, const FilterOptions& options) {
  auto& verdict = row.verdicts[place(filter)];
  verdict = options.asks(filter) ? row_of(filter).judge(row, options) : verdict_not_asked;
  if (verdict == verdict_failed && !row.dropped_by) {
    row.dropped_by = filter;
  }
}

} // namespace

bool judge_without_gap(Candidate& row, const FilterOptions& options) {
  row.dropped_by.reset();
  row.verdicts.fill(verdict_not_asked);
  bool asks_gap = false;
  for (const auto filter : all_filters) {
    if (row_of(filter).needs_gap) {
      asks_gap = asks_gap || options.asks(filter);
    } else {
      judge(filter, row, options);
    }
  }
  return !row.dropped_by && asks_gap;
}

void judge_gap(Candidate& row, const FilterOptions& options) {
  for (const auto filter : all_filters) {
    if (row_of(filter).needs_gap) {
      judge(filter, row, options);
    }
  }
}

} // namespace ionsift::screen
