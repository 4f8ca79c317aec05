// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/pairs/structure_pairs.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/progress.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include "composition_distance.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>

namespace ionsift::dataset {

namespace {

struct Traits {
  crystal::Composition composition;
  double volume_per_atom;
};

struct Collection {
  std::vector<Traits> traits;
  std::map<std::string, std::vector<std::uint64_t>> by_elements;

  explicit Collection(const std::vector<crystal::Crystal>& crystals) {
    for (const auto& crystal : crystals) {
      const auto composition = crystal.composition();
      by_elements[composition.chemical_system()].push_back(traits.size());
      traits.push_back({composition, crystal.volume() / composition.total()});
    }
  }
};

bool is_plausible(const Traits& a, const Traits& b, const PairOptions& options) {
  const double ratio = a.volume_per_atom / b.volume_per_atom;
  return std::max(ratio, 1 / ratio) <= options.volume_ratio &&
         largest_fraction_difference(a.composition, b.composition) <= options.fraction_tolerance;
}

/// @param keep selects the pairs
template <typename Keep>
std::vector<CrystalPair> pairs_between(const Collection& first, const Collection& second,
                                       const PairOptions& options, Keep keep) {
  std::vector<CrystalPair> pairs;
  for (const auto& [elements, members] : first.by_elements) {
    const auto others = second.by_elements.find(elements);
    if (others == second.by_elements.end()) {
      continue;
    }
    for (const auto i : members) {
      for (const auto j : others->second) {
        if (keep(i, j) && is_plausible(first.traits[i], second.traits[j], options)) {
          pairs.push_back({i, j});
        }
      }
    }
  }
  std::ranges::sort(pairs);
  return pairs;
}

/// Reduced cells, computed on first use.
class CellCache {
public:
  CellCache(const std::vector<crystal::Crystal>& crystals, const crystal::MatcherOptions& options)
      : crystals_(crystals), options_(options), cells_(crystals.size()) {}

  const crystal::MatchingCell& operator[](std::uint64_t position) {
    auto& cell = cells_[position];
    if (!cell) {
      cell = crystal::matching_cell(crystals_[position], options_);
    }
    return *cell;
  }

private:
  const std::vector<crystal::Crystal>& crystals_;
  const crystal::MatcherOptions& options_;
  std::vector<std::optional<crystal::MatchingCell>> cells_;
};

/// The result for one pair.
enum class Verdict : std::uint64_t { different, same, undecided };
struct Found {
  std::uint64_t position; ///< position in the list of pairs
  Verdict verdict;
  crystal::StructureMatch match; ///< the match if they are the same
};

std::string to_line(const Found& found) {
  switch (found.verdict) {
  case Verdict::same:
    return nlohmann::json({found.match.rms, found.match.max_distance}).dump();
  case Verdict::undecided:
    return "[]";
  case Verdict::different:
    return "null";
  }
  return "null";
}

Found found_from_line(std::uint64_t position, const std::string& line) {
  const auto json = nlohmann::json::parse(line);
  if (json.empty()) {
    return {position, Verdict::undecided, {}};
  }
  return {position, Verdict::same, {json.at(0), json.at(1)}};
}

/// Compares the pairs of two collections, on one rank.
class Comparison {
public:
  Comparison(const std::vector<crystal::Crystal>& first, const std::vector<crystal::Crystal>& second,
             const std::vector<CrystalPair>& pairs, const crystal::MatcherOptions& options)
      : pairs_(pairs), options_(options), first_cells_(first, options), second_cells_(second, options) {}

  Found operator()(std::uint64_t position) {
    const auto& pair = pairs_[position];
    const auto& one = first_cells_[pair.first];
    const auto& other = second_cells_[pair.second];
    try {
      const auto match = crystal::match(one, other, options_);
      return {position, match ? Verdict::same : Verdict::different,
              match.value_or(crystal::StructureMatch())};
    } catch (const Error& error) {
      if (error.code() != ErrorCode::limit) {
        throw;
      }
      return {position, Verdict::undecided, {}};
    }
  }

private:
  const std::vector<CrystalPair>& pairs_;
  const crystal::MatcherOptions& options_;
  CellCache first_cells_, second_cells_;
};

/// All pairs that are not different, in no order, on every rank. Collective.
std::vector<Found> compare_all(const parallel::Communicator& comm, const std::vector<double>& costs,
                               Comparison& compare) {
  parallel::WorkQueue queue(comm);
  queue.refill(costs);
  std::vector<Found> mine;
  parallel::together(comm, [&] {
    Progress progress("structures compared on rank 0", 0);
    std::uint64_t done = 0;
    while (const auto position = queue.next()) {
      const auto found = compare(*position);
      if (found.verdict != Verdict::different) {
        mine.push_back(found);
      }
      progress.update(++done);
    }
  });
  return comm.all_gather(std::span<const Found>(mine));
}

/// The same for a run that may be ended: nothing then. Collective.
std::vector<Found> compare_kept(const parallel::Communicator& comm, const std::vector<double>& costs,
                                Comparison& compare, KeptComparisons& kept) {
  kept.work = parallel::work_through(
      comm, costs, kept.place, false,
      [&](std::uint64_t position, parallel::Interruption&) { return to_line(compare(position)); });
  std::vector<Found> all;
  if (!kept.work.interrupted()) {
    for (const auto& [position, line] : kept.work.results) { // on rank 0 alone there are any
      all.push_back(found_from_line(position, line));
    }
  }
  return comm.broadcast(std::move(all));
}

} // namespace

std::vector<CrystalPair> plausible_pairs(const std::vector<crystal::Crystal>& crystals,
                                         const PairOptions& options) {
  const Collection collection(crystals);
  return pairs_between(collection, collection, options,
                       [](std::uint64_t i, std::uint64_t j) { return i < j; });
}

std::vector<CrystalPair> plausible_pairs(const std::vector<crystal::Crystal>& first,
                                         const std::vector<crystal::Crystal>& second,
                                         const PairOptions& options) {
  return pairs_between(Collection(first), Collection(second), options,
                       [](std::uint64_t, std::uint64_t) { return true; });
}

PairMatches match_pairs(const parallel::Communicator& comm, const std::vector<crystal::Crystal>& first,
                        const std::vector<crystal::Crystal>& second, const std::vector<CrystalPair>& pairs,
                        const crystal::MatcherOptions& options, KeptComparisons* kept) {
  std::vector<double> costs;
  costs.reserve(pairs.size());
  for (const auto& pair : pairs) {
    // Every origin is tried with every site against every site.
    costs.push_back(std::pow(static_cast<double>(first[pair.first].sites.size()), 2) *
                    static_cast<double>(second[pair.second].sites.size()));
  }
  Comparison compare(first, second, pairs, options);
  auto all = kept == nullptr ? compare_all(comm, costs, compare) : compare_kept(comm, costs, compare, *kept);
  std::ranges::sort(all, {}, &Found::position);
  PairMatches matches;
  for (const auto& found : all) {
    if (found.verdict == Verdict::same) {
      matches.matched.push_back({pairs[found.position], found.match});
    } else {
      matches.undecided.push_back(pairs[found.position]);
    }
  }
  if (!matches.undecided.empty() && comm.is_root()) {
    const auto& pair = matches.undecided.front();
    log::warning(
        "{} pairs were not compared to the end, for example {} and {}: they took more than {:g} seconds "
        "each, and count as different; a higher limit decides them",
        matches.undecided.size(), first[pair.first].id, second[pair.second].id, options.max_seconds);
  }
  return matches;
}

} // namespace ionsift::dataset
