// SPDX-License-Identifier: BSD-3-Clause
// The filters of a screening: the criterion of each, and their order.
#pragma once

#include "ionsift/screen/element_lists.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ionsift::screen {

struct Candidate;
struct FilterOptions;

/// The position of a filter in the registry (filters.cpp), whose rows are all that there is to say of them: a
/// new filter is a new row there. The first that a row of a screening fails is the one that drops it.
enum class Filter : std::uint8_t {};
/// Room for filters in arrays; the registry may have fewer.
inline constexpr std::size_t most_filters = 32;

/// passed 1, failed 0; inactive: switched off, a band gap that was not needed, or nothing to judge.
using Verdict = std::int8_t;
inline constexpr Verdict verdict_failed = 0, verdict_passed = 1, verdict_not_asked = -1;
/// Of each filter, by its position.
using Verdicts = std::array<Verdict, most_filters>;

struct FilterRow {
  std::string_view name = {};   ///< name in files: "band_gap"
  std::string_view reason = {}; ///< printed reason: "band gap too small"
  std::string_view reads = {};  ///< the column of predictions.h5 that it looks at
  std::string_view option = {}; ///< that activates it, or "always"; empty: its name in a list (--filters)
  bool by_default = false;      ///< in the default list
  bool needs_gap = false;       ///< applied only after all filters that do not; the last rows
  /// Whether an option activates it; nothing for a filter of the list.
  bool (*asked)(const FilterOptions& options) = nullptr;
  /// Unknown numbers fail unless the filter specifies otherwise.
  Verdict (*judge)(const Candidate& row, const FilterOptions& options) = nullptr;
};

/// All filters in the order in which they are applied.
extern const std::span<const Filter> all_filters;
const FilterRow& row_of(Filter filter);

inline std::string_view name_of(Filter filter) {
  return row_of(filter).name;
}
inline std::string_view reason_of(Filter filter) {
  return row_of(filter).reason;
}
/// The filter of a name; nothing for an unknown one.
std::optional<Filter> filter_of(std::string_view name);
/// The filter of a name in code. @throws Error internal for an unknown one
Filter filter_named(std::string_view name);
/// Names that a list can hold, separated by ", ".
std::string listed_filters();

struct FilterOptions {
  /// Active filters without an option of their own.
  std::array<bool, most_filters> asked{};
  double min_probability = 0; ///< candidates are ranked, not cut
  double min_band_gap = 1.0;  ///< eV
  bool gaps_known = false;    ///< whether there is a source of gaps; without one, gap filters are inactive
  bool keep_unknown_gap = false;
  ElementSet excluded, required;
  int min_elements = 0;           ///< 0: inactive
  std::optional<double> max_hull; ///< eV/atom; none: inactive
  bool keep_unknown_hull = true;
  double min_composition_distance = 0; ///< 0: inactive

  FilterOptions(); ///< activates the registry's defaults
  bool asks(Filter filter) const;
  /// Whether the list has it, whatever else would have to hold.
  bool lists(std::string_view name) const;
};

/// Activates in `options` the filters of a list, "probability,novelty", and deactivates the others.
/// @throws Error usage for an unknown name, or that of a filter with an option of its own
void choose_filters(FilterOptions& options, std::string_view list);
/// The list that `choose_filters` would read.
std::string chosen_filters(const FilterOptions& options);

/// Fills the values that follow from the composition alone.
void set_element_values(Candidate& row, const crystal::Composition& composition,
                        const FilterOptions& options);

/// Fills verdicts of all filters that need no gap, and what drops the row; true where the gap decides.
bool judge_without_gap(Candidate& row, const FilterOptions& options);
/// Fills the verdicts on the band gap.
void judge_gap(Candidate& row, const FilterOptions& options);

} // namespace ionsift::screen
