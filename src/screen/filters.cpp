#include "ionsift/screen/filters.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/screen/candidate.hpp"

#include <fmt/ranges.h>

#include <cmath>
#include <vector>

namespace ionsift::screen {

namespace {

struct Description {
  std::string_view name, reason;
  bool by_list; ///< asked for by its name in a list
};

constexpr std::array<Description, all_filters.size()> descriptions = {{
    {"features", "no atoms in the representation", false},
    {"probability", "probability too low", true},
    {"intermetallic", "no charges that balance", true},
    {"metallic", "no anion former", true},
    {"hydrogen", "hydrogen", true},
    {"redox_metals", "redox-active transition metal", true},
    {"radioactive", "radioactive element", true},
    {"toxic", "toxic element", true},
    {"scarce", "scarce element", true},
    {"excluded_elements", "element on the list of excluded ones", false},
    {"required_elements", "required element is missing", false},
    {"element_count", "too few elements", false},
    {"hull", "too far above the hull", false},
    {"novelty", "composition known from training", true},
    {"composition_distance", "composition near one of training", false},
    {"band_gap", "band gap too small or unknown", true},
}};

constexpr std::size_t place(Filter filter) {
  return static_cast<std::size_t>(filter);
}

std::vector<std::string> listed_names() {
  std::vector<std::string> names;
  for (const auto& description : descriptions) {
    if (description.by_list) {
      names.emplace_back(description.name);
    }
  }
  return names;
}

} // namespace

std::string_view name_of(Filter filter) {
  return descriptions[place(filter)].name;
}

std::string_view reason_of(Filter filter) {
  return descriptions[place(filter)].reason;
}

std::optional<Filter> filter_of(std::string_view name) {
  for (const auto filter : all_filters) {
    if (name_of(filter) == name) {
      return filter;
    }
  }
  return std::nullopt;
}

FilterOptions::FilterOptions() {
  choose_filters(*this, "probability,intermetallic,novelty,band_gap");
}

bool FilterOptions::asks(Filter filter) const {
  switch (filter) {
  case Filter::features:
    return true;
  case Filter::excluded_elements:
    return !excluded.empty();
  case Filter::required_elements:
    return !required.empty();
  case Filter::element_count:
    return min_elements > 0;
  case Filter::hull:
    return max_hull.has_value();
  case Filter::composition_distance:
    return min_composition_distance > 0;
  case Filter::band_gap:
    return gaps_known && asked[place(filter)];
  default:
    return asked[place(filter)];
  }
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
    IONSIFT_VALIDATE(descriptions[place(*filter)].by_list, usage,
                     fmt::format("the filter '{}' is not asked for in a list", name),
                     *filter == Filter::features ? "it is always asked" : "its bound or list asks for it",
                     "Leave it out, and see --help for its option.");
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
  constexpr int hydrogen = 1;
  row.metallic = found_in(composition, anion_formers()).empty();
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

/// Comparisons are written so that NaN fails.
bool passes(Filter filter, const Candidate& row, const FilterOptions& options) {
  switch (filter) {
  case Filter::features:
    return !std::isnan(row.probability);
  case Filter::probability:
    return row.probability >= options.min_probability;
  case Filter::intermetallic:
    return !row.intermetallic;
  case Filter::metallic:
    return !row.metallic;
  case Filter::hydrogen:
    return !row.hydrogen;
  case Filter::redox_metals:
    return row.redox_metals.empty();
  case Filter::radioactive:
    return row.radioactive.empty();
  case Filter::toxic:
    return row.toxic.empty();
  case Filter::scarce:
    return row.scarce.empty();
  case Filter::excluded_elements:
    return row.excluded.empty();
  case Filter::required_elements:
    return row.lacking.empty();
  case Filter::element_count:
    return row.elements >= options.min_elements;
  case Filter::hull:
    return std::isnan(row.hull) ? options.keep_unknown_hull : row.hull <= options.max_hull;
  case Filter::novelty:
    return row.known_as.empty();
  case Filter::composition_distance:
    return row.composition_distance >= options.min_composition_distance;
  case Filter::band_gap:
    return row.band_gap >= options.min_band_gap;
  }
  return false;
}

namespace {

void judge(Filter filter, Candidate& row, const FilterOptions& options) {
  auto& verdict = row.verdicts[place(filter)];
  verdict = options.asks(filter) ? (passes(filter, row, options) ? 1 : 0) : -1;
  if (verdict == 0 && !row.dropped_by) {
    row.dropped_by = filter;
  }
}

} // namespace

bool judge_without_gap(Candidate& row, const FilterOptions& options) {
  row.dropped_by.reset();
  for (const auto filter : all_filters) {
    if (filter != Filter::band_gap) {
      judge(filter, row, options);
    }
  }
  row.verdicts[place(Filter::band_gap)] = -1;
  return !row.dropped_by && options.asks(Filter::band_gap);
}

void judge_gap(Candidate& row, const FilterOptions& options) {
  judge(Filter::band_gap, row, options);
}

} // namespace ionsift::screen
