// The filters of a screening: what each looks at, and the order in which they are asked.
#pragma once

#include "ionsift/screen/element_lists.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ionsift::screen {

struct Candidate;

/// In the order in which they are asked; the first that a row fails is the one that drops it. The band gap is
/// the last, because it alone costs something: the parent is asked only for rows that passed all others.
enum class Filter {
  features,             ///< has atoms in the representation
  probability,          ///< P_SI >= min_probability
  intermetallic,        ///< some assignment of charges balances
  metallic,             ///< has an anion former
  hydrogen,             ///< has none
  redox_metals,         ///< has none
  radioactive,          ///< has none
  toxic,                ///< has none
  scarce,               ///< has none
  excluded_elements,    ///< has none of the user's list
  required_elements,    ///< has all of the user's list
  element_count,        ///< has at least min_elements
  hull,                 ///< energy above the hull <= max_hull
  novelty,              ///< no training composition is nearly the same
  composition_distance, ///< every training composition is at least min_composition_distance away
  band_gap,             ///< band gap >= min_band_gap
};
inline constexpr std::array all_filters = {
    Filter::features, Filter::probability,       Filter::intermetallic,        Filter::metallic,
    Filter::hydrogen, Filter::redox_metals,      Filter::radioactive,          Filter::toxic,
    Filter::scarce,   Filter::excluded_elements, Filter::required_elements,    Filter::element_count,
    Filter::hull,     Filter::novelty,           Filter::composition_distance, Filter::band_gap};

/// "band_gap"
std::string_view name_of(Filter filter);
/// For people: "band gap too small or unknown".
std::string_view reason_of(Filter filter);
/// Nothing for a name that is none.
std::optional<Filter> filter_of(std::string_view name);

/// Of each filter: 1 passed, 0 failed, -1 not asked (switched off, or a band gap that was not needed).
using Verdicts = std::array<std::int8_t, all_filters.size()>;

struct FilterOptions {
  /// Those without a bound of their own that are asked.
  std::array<bool, all_filters.size()> asked{};
  double min_probability = 0.5;
  double min_band_gap = 1.0; ///< eV
  bool gaps_known = false;   ///< there is a source of gaps; without, they are not asked about
  ElementSet excluded, required;
  int min_elements = 0;           ///< 0: not asked
  std::optional<double> max_hull; ///< eV/atom; none: not asked
  bool keep_unknown_hull = true;
  double min_composition_distance = 0; ///< 0: not asked

  FilterOptions(); ///< asks for probability, intermetallic, novelty and band_gap
  bool asks(Filter filter) const;
};

/// Marks in `options` the filters that a list names: "probability,novelty"; others are no longer asked.
/// @throws Error usage for a name that is none, or of a filter that has an option of its own
void choose_filters(FilterOptions& options, std::string_view list);
/// The list that `choose_filters` would read.
std::string chosen_filters(const FilterOptions& options);

/// Fills the values that follow from the composition alone.
void set_element_values(Candidate& row, const crystal::Composition& composition,
                        const FilterOptions& options);

/// Whether a row passes one filter. Unknown numbers fail, but for the energy above the hull.
bool passes(Filter filter, const Candidate& row, const FilterOptions& options);

/// Fills verdicts of all filters but the band gap, and what drops the row; true where the band gap decides.
bool judge_without_gap(Candidate& row, const FilterOptions& options);
/// Fills the verdict on the band gap.
void judge_gap(Candidate& row, const FilterOptions& options);

} // namespace ionsift::screen
