// SPDX-License-Identifier: BSD-3-Clause
// Two screenings of the same database at different times, or with different ensembles or filters.
#pragma once

#include "ionsift/screen/candidate.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace ionsift::screen {

struct CompareOptions {
  double tolerance = 0.01; ///< changes of P_SI up to this are ignored
};

/// The change of a row.
enum class Change {
  gained, ///< a candidate now and none before
  lost,   ///< a candidate before and none now
  moved,  ///< P_SI differs by more than the tolerance
};
std::string_view name_of(Change change);

/// One row that differs.
struct Difference {
  Change change = Change::moved;
  std::string id, formula;
  double before = Candidate::unknown, after = Candidate::unknown; ///< P_SI; NaN where the row is not there
  double gap_before = Candidate::unknown, gap_after = Candidate::unknown;
  std::string status_before, status_after; ///< "kept", the filter that drops it, or "absent"
  /// What differs and may be why, joined by "+": "new in the release", "gone from the release", "structure",
  /// "ensemble", "gap", "filters"; "rounding" where nothing does.
  std::string why;
};

struct Comparison {
  std::uint64_t before = 0, after = 0;  ///< rows
  std::uint64_t both = 0;               ///< ids in both
  std::uint64_t structures_changed = 0; ///< structures whose content has changed, included above
  std::uint64_t kept_before = 0, kept_after = 0, kept_both = 0;
  std::uint64_t gained = 0, lost = 0, moved = 0; ///< a row that is gained or lost may have moved too
  bool ensemble_changed = false;                 ///< or parent, program, scaling
};

/// Compares two predictions.h5, by id, in one process. Rows that differ are handed to `found` one after the
/// other: first those of the second file, in its order, then those that are gone. Memory: 48 bytes for each
/// row of the first file; of the second a window at a time. Ids are compared by 64 bits of their SHA-256.
/// @throws Error conflict when an id occurs twice in the first file
Comparison compare(const std::filesystem::path& before, const std::filesystem::path& after,
                   const CompareOptions& options, const std::function<void(const Difference&)>& found);

} // namespace ionsift::screen
