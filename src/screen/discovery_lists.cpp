// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/screen/discovery_lists.hpp"

#include "ionsift/dataset/descriptors/chemistry.hpp"
#include "ionsift/screen/novelty.hpp"
#include "ionsift/screen/recovery.hpp"

#include <algorithm>
#include <cmath>

namespace ionsift::screen {

namespace {

constexpr double unknown = Candidate::unknown;
constexpr std::size_t barrier_3d = 2; // place in PathValues

/// One composition, by its structure with the largest P_SI.
struct Entry {
  std::uint64_t row = 0;
  double probability = unknown, barrier = unknown, rule = 0, lithium_share = 0;
  bool near = false, known = false;
};

bool passes(const Candidate& row) {
  static const auto novelty = filter_named("novelty");
  for (const auto filter : all_filters) {
    if (filter != novelty && row.verdicts[static_cast<std::size_t>(filter)] == verdict_failed) {
      return false;
    }
  }
  return true;
}

PathValues paths_of(const ListOptions& options, const std::string& id) {
  const auto found = options.paths.find(id);
  if (found != options.paths.end()) {
    return found->second;
  }
  PathValues nothing;
  nothing.fill(unknown);
  return nothing;
}

/// All compositions that pass, in the order of the file.
std::vector<Entry> collect(const PredictionReader& predictions, const ListOptions& options) {
  std::vector<Entry> entries;
  std::unordered_map<std::string, std::size_t> place;
  for (std::uint64_t first = 0; first < predictions.size(); first += rows_at_once) {
    for (const auto& row : predictions.rows(first, std::min(rows_at_once, predictions.size() - first))) {
      if (!passes(row)) {
        continue;
      }
      const auto composition = crystal::Composition::parse(row.formula);
      const auto [found, fresh] = place.try_emplace(composition_key(composition), entries.size());
      if (fresh) {
        constexpr int lithium = 3;
        entries.push_back({row.index, row.probability, unknown, dataset::rule_of_thumb(composition),
                           composition.fraction(lithium),
                           options.trained_chemistries.contains(dataset::chemistry_of(composition)), false});
      }
      auto& entry = entries[found->second];
      if (row.probability > entry.probability) {
        entry.row = row.index;
        entry.probability = row.probability;
      }
      entry.barrier = std::fmin(entry.barrier, paths_of(options, row.id)[barrier_3d]); // NaN gives way
      entry.known = entry.known || !row.known_as.empty() || options.known.contains(row.id);
    }
  }
  return entries;
}

/// The first of these entries by a score, the larger the better; the new ones add up what is expected.
std::vector<ListedCandidate> first_of(const PredictionReader& predictions, const ListOptions& options,
                                      const std::vector<Entry>& entries, const std::vector<double>& score) {
  const auto rank = ranks_of(score);
  std::vector<std::size_t> order(entries.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return rank[i]; });
  order.resize(std::min(order.size(), options.length));
  std::vector<ListedCandidate> list;
  double expected = 0;
  for (const auto i : order) {
    ListedCandidate listed;
    listed.row = predictions.rows(entries[i].row, 1).front();
    listed.paths = paths_of(options, listed.row.id);
    listed.paths[barrier_3d] = entries[i].barrier;
    listed.chemistry = dataset::chemistry_of(crystal::Composition::parse(listed.row.formula));
    listed.lithium_share = entries[i].lithium_share;
    listed.rule = entries[i].rule;
    if (options.cuts) {
      listed.verdict = learn::verdict_of(*options.cuts, listed.row.probability);
    }
    for (const auto& name : {listed.row.id, listed.row.known_as}) {
      if (const auto known = options.known.find(name); known != options.known.end() && !listed.known) {
        listed.known = known->second;
      }
    }
    expected += entries[i].known ? 0 : entries[i].probability;
    listed.expected = expected;
    list.push_back(std::move(listed));
  }
  return list;
}

std::vector<double> scores(const std::vector<Entry>& entries, double Entry::*value, double sign = 1) {
  std::vector<double> result;
  for (const auto& entry : entries) {
    result.push_back(sign * entry.*value);
  }
  return result;
}

} // namespace

DiscoveryLists make_lists(const PredictionReader& predictions, const ListOptions& options) {
  const auto all = collect(predictions, options);
  std::vector<Entry> near, far;
  for (const auto& entry : all) {
    (entry.near ? near : far).push_back(entry);
  }
  DiscoveryLists lists;
  lists.near_compositions = near.size();
  lists.far_compositions = far.size();
  lists.known_compositions =
      static_cast<std::size_t>(std::ranges::count_if(all, [](const Entry& entry) { return entry.known; }));
  lists.near = first_of(predictions, options, near, scores(near, &Entry::probability));
  const auto by_probability = ranks_of(scores(far, &Entry::probability));
  const auto by_barrier = ranks_of(scores(far, &Entry::barrier, -1));
  std::vector<double> both;
  for (std::size_t i = 0; i < far.size(); ++i) {
    both.push_back(-(by_probability[i] + by_barrier[i]) / 2); // without barriers all share one rank there
  }
  lists.far = first_of(predictions, options, far, both);
  lists.rule = first_of(predictions, options, all, scores(all, &Entry::rule));
  return lists;
}

} // namespace ionsift::screen
