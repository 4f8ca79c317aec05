// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/screen/compare.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/screen/prediction_file.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace ionsift::screen {

namespace {

constexpr std::int8_t kept = -1;

/// What is remembered of a row of the first file.
struct Known {
  std::uint64_t id, content; ///< hashes
  double probability, gap;
  std::uint64_t row;
  std::int8_t dropped_by; ///< position of the filter, or `kept`
  bool seen = false;
};

Known remember(const Candidate& row) {
  const auto dropped = row.dropped_by ? static_cast<std::int8_t>(*row.dropped_by) : kept;
  return {
      sha256_key(row.id), sha256_key(row.sha256), row.probability, row.band_gap, row.index, dropped, false};
}

std::string status_of(std::int8_t dropped_by) {
  return dropped_by == kept ? "kept"
                            : std::string(name_of(all_filters[static_cast<std::size_t>(dropped_by)]));
}

bool is_about_gap(std::int8_t dropped_by) {
  return dropped_by != kept && row_of(all_filters[static_cast<std::size_t>(dropped_by)]).needs_gap;
}

bool same(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) || a == b;
}

void add_cause(std::string& why, bool applies, std::string_view cause) {
  if (applies) {
    why += why.empty() ? "" : "+";
    why += cause;
  }
}

/// Calls `visit` for each row of a file, window by window.
template <typename Visit>
void for_each_row(const PredictionReader& reader, const Visit& visit) {
  for (std::uint64_t first = 0; first < reader.size(); first += rows_at_once) {
    for (const auto& row : reader.rows(first, std::min(rows_at_once, reader.size() - first))) {
      visit(row);
    }
  }
}

class Comparer {
public:
  Comparer(const std::filesystem::path& before, const std::filesystem::path& after,
           const CompareOptions& options, const std::function<void(const Difference&)>& found)
      : before_(before), after_(after), options_(options), found_(found) {
    result_.ensemble_changed = before_.attribute("prediction_key") != after_.attribute("prediction_key");
    for_each_row(before_, [&](const Candidate& row) {
      known_.push_back(remember(row));
      result_.kept_before += row.dropped_by ? 0 : 1;
    });
    std::ranges::sort(known_, {}, &Known::id);
    const auto twice = std::ranges::adjacent_find(known_, {}, &Known::id);
    IONSIFT_VALIDATE(
        twice == known_.end(), conflict,
        fmt::format("{} holds {} twice", before.string(), before_.texts("id", twice->row, 1).front()),
        "rows are compared by their ids", "Screen a store whose ids are distinct.");
  }

  Comparison run() {
    result_.before = before_.size();
    result_.after = after_.size();
    for_each_row(after_, [&](const Candidate& row) { compare(row); });
    for_each_row(before_, [&](const Candidate& row) {
      if (!find(sha256_key(row.id))->seen && !row.dropped_by) {
        ++result_.lost;
        found_({Change::lost, row.id, row.formula, row.probability, Candidate::unknown, row.band_gap,
                Candidate::unknown, "kept", "absent", "gone from the release"});
      }
    });
    return result_;
  }

private:
  Known* find(std::uint64_t id) {
    const auto found = std::ranges::lower_bound(known_, id, {}, &Known::id);
    return found == known_.end() || found->id != id ? nullptr : &*found;
  }

  void compare(const Candidate& row) {
    const auto now = remember(row);
    auto* const then = find(now.id);
    result_.kept_after += now.dropped_by == kept ? 1 : 0;
    if (then == nullptr) {
      if (now.dropped_by == kept) {
        ++result_.gained;
        found_({Change::gained, row.id, row.formula, Candidate::unknown, row.probability, Candidate::unknown,
                row.band_gap, "absent", "kept", "new in the release"});
      }
      return;
    }
    then->seen = true;
    ++result_.both;
    result_.structures_changed += then->content != now.content ? 1 : 0;
    const bool was_kept = then->dropped_by == kept;
    const bool is_kept = now.dropped_by == kept;
    result_.kept_both += was_kept && is_kept ? 1 : 0;
    const bool moved = std::isnan(then->probability) != std::isnan(now.probability) ||
                       std::abs(then->probability - now.probability) > options_.tolerance;
    result_.moved += moved ? 1 : 0;
    if (was_kept != is_kept) {
      ++(is_kept ? result_.gained : result_.lost);
      report(is_kept ? Change::gained : Change::lost, row, *then, now);
    } else if (moved) {
      report(Change::moved, row, *then, now);
    }
  }

  void report(Change change, const Candidate& row, const Known& then, const Known& now) {
    std::string why;
    add_cause(why, then.content != now.content, "structure");
    add_cause(why, result_.ensemble_changed, "ensemble");
    if (change != Change::moved) { // the gap has no part in P_SI
      const bool decided = is_about_gap(then.dropped_by) || is_about_gap(now.dropped_by);
      add_cause(why, decided && !same(then.gap, now.gap), "gap");
      add_cause(why, why.empty(), "filters");
    }
    add_cause(why, why.empty(), "rounding");
    found_({change, row.id, row.formula, then.probability, now.probability, then.gap, now.gap,
            status_of(then.dropped_by), status_of(now.dropped_by), why});
  }

  PredictionReader before_, after_;
  const CompareOptions& options_;
  const std::function<void(const Difference&)>& found_;
  std::vector<Known> known_; ///< rows by id
  Comparison result_;
};

} // namespace

std::string_view name_of(Change change) {
  switch (change) {
  case Change::gained:
    return "gained";
  case Change::lost:
    return "lost";
  case Change::moved:
    return "moved";
  }
  return "unknown";
}

Comparison compare(const std::filesystem::path& before, const std::filesystem::path& after,
                   const CompareOptions& options, const std::function<void(const Difference&)>& found) {
  return Comparer(before, after, options, found).run();
}

} // namespace ionsift::screen
