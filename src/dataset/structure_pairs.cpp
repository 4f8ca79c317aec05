#include "ionsift/dataset/structure_pairs.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/progress.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include "composition_distance.hpp"

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

/// @param keep tells which pairs count at all
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

/// Reduced cells, made when they are first asked for.
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

/// What travels between ranks.
struct Found {
  std::uint64_t position; ///< in the list of pairs
  crystal::StructureMatch match;
};

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
                        const crystal::MatcherOptions& options) {
  std::vector<double> costs;
  costs.reserve(pairs.size());
  for (const auto& pair : pairs) {
    // Every origin is tried with every site against every site.
    costs.push_back(std::pow(static_cast<double>(first[pair.first].sites.size()), 2) *
                    static_cast<double>(second[pair.second].sites.size()));
  }
  parallel::WorkQueue queue(comm);
  queue.refill(costs);
  std::vector<Found> mine;
  std::vector<std::uint64_t> undecided;
  parallel::together(comm, [&] {
    CellCache first_cells(first, options);
    CellCache second_cells(second, options);
    Progress progress("structures compared on rank 0", 0);
    std::uint64_t done = 0;
    while (const auto position = queue.next()) {
      const auto& pair = pairs[*position];
      const auto& one = first_cells[pair.first];
      const auto& other = second_cells[pair.second];
      try {
        if (const auto match = crystal::match(one, other, options)) {
          mine.push_back({*position, *match});
        }
      } catch (const Error& error) {
        if (error.code() != ErrorCode::limit) {
          throw;
        }
        undecided.push_back(*position);
      }
      progress.update(++done);
    }
  });
  auto all = comm.all_gather(std::span<const Found>(mine));
  std::ranges::sort(all, {}, &Found::position);
  undecided = comm.all_gather(std::span<const std::uint64_t>(undecided));
  std::ranges::sort(undecided);
  PairMatches matches;
  matches.matched.reserve(all.size());
  for (const auto& found : all) {
    matches.matched.push_back({pairs[found.position], found.match});
  }
  for (const auto position : undecided) {
    matches.undecided.push_back(pairs[position]);
  }
  if (!undecided.empty() && comm.is_root()) {
    const auto& pair = matches.undecided.front();
    log::warning(
        "{} pairs were not compared to the end, for example {} and {}: they took more than {:g} seconds "
        "each, and count as different; a higher limit decides them",
        undecided.size(), first[pair.first].id, second[pair.second].id, options.max_seconds);
  }
  return matches;
}

} // namespace ionsift::dataset
