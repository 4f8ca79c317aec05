// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/pairs/duplicates.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/crystal/formula.hpp"

#include <algorithm>
#include <numeric>
#include <ostream>

namespace ionsift::dataset {

namespace {

const Label* label_of(const crystal::Crystal& crystal, const Labels* labels) {
  return labels == nullptr ? nullptr : labels->find(crystal.id);
}

std::string conductivity_text(const Label* label) {
  return label == nullptr ? "" : fmt::format("{}{:.10g}", label->upper_bound ? "<" : "", label->conductivity);
}

} // namespace

std::vector<std::vector<std::uint64_t>> connected_groups(std::uint64_t members,
                                                         std::span<const CrystalPair> pairs) {
  // Each tree's root is its smallest member, so that groups come out in order.
  std::vector<std::uint64_t> parent(members);
  std::iota(parent.begin(), parent.end(), std::uint64_t{0});
  const auto root_of = [&parent](std::uint64_t member) {
    while (parent[member] != member) {
      parent[member] = parent[parent[member]];
      member = parent[member];
    }
    return member;
  };
  for (const auto& pair : pairs) {
    const auto a = root_of(pair.first);
    const auto b = root_of(pair.second);
    parent[std::max(a, b)] = std::min(a, b);
  }
  std::vector<std::vector<std::uint64_t>> by_root(members);
  for (std::uint64_t i = 0; i < members; ++i) {
    by_root[root_of(i)].push_back(i);
  }
  std::erase_if(by_root, [](const auto& group) { return group.empty(); });
  return by_root;
}

std::size_t median_position(std::span<const Label* const> labels) {
  std::vector<std::size_t> labelled;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] != nullptr) {
      labelled.push_back(i);
    }
  }
  if (labelled.empty()) {
    return 0;
  }
  std::ranges::stable_sort(labelled, {}, [&](std::size_t i) { return labels[i]->conductivity; });
  return labelled[(labelled.size() - 1) / 2];
}

Duplicates find_duplicates(const parallel::Communicator& comm, const std::vector<crystal::Crystal>& crystals,
                           const Labels* labels, const PairOptions& options, KeptComparisons* kept) {
  Duplicates result;
  const auto plausible = plausible_pairs(crystals, options);
  result.compared = plausible.size();
  auto matches = match_pairs(comm, crystals, crystals, plausible, options.matcher, kept);
  if (kept != nullptr && kept->work.interrupted()) {
    return {};
  }
  result.pairs = std::move(matches.matched);
  result.undecided = matches.undecided.size();
  std::vector<CrystalPair> matched;
  matched.reserve(result.pairs.size());
  for (const auto& pair : result.pairs) {
    matched.push_back(pair.pair);
  }
  for (auto& members : connected_groups(crystals.size(), matched)) {
    std::vector<const Label*> of_members;
    for (const auto member : members) {
      of_members.push_back(label_of(crystals[member], labels));
    }
    const auto stays = members[median_position(of_members)];
    result.kept.push_back(stays);
    if (members.size() > 1) {
      result.groups.push_back({std::move(members), stays});
    }
  }
  std::ranges::sort(result.kept);
  return result;
}

namespace {

void write_groups(std::ostream& out, const std::vector<crystal::Crystal>& crystals, const Labels* labels,
                  const Duplicates& duplicates) {
  std::vector<int> matches(crystals.size(), 0);
  for (const auto& pair : duplicates.pairs) {
    ++matches[pair.pair.first];
    ++matches[pair.pair.second];
  }
  write_csv_row(out, {"group", "id", "source", "formula", "conductivity_S_per_cm", "kept", "matches"});
  for (std::size_t group = 0; group < duplicates.groups.size(); ++group) {
    for (const auto member : duplicates.groups[group].members) {
      const auto& crystal = crystals[member];
      write_csv_row(out, {fmt::format("{}", group + 1), crystal.id, crystal.source,
                          crystal::written_formula(crystal), conductivity_text(label_of(crystal, labels)),
                          member == duplicates.groups[group].kept ? "1" : "0",
                          fmt::format("{}", matches[member])});
    }
  }
}

void write_pairs(std::ostream& out, const std::vector<crystal::Crystal>& crystals,
                 const Duplicates& duplicates) {
  write_csv_row(out, {"first", "second", "rms", "max_distance"});
  for (const auto& pair : duplicates.pairs) {
    write_csv_row(out,
                  {crystals[pair.pair.first].id, crystals[pair.pair.second].id,
                   fmt::format("{:.4f}", pair.match.rms), fmt::format("{:.4f}", pair.match.max_distance)});
  }
}

void write_kept(std::ostream& out, const std::vector<crystal::Crystal>& crystals, const Labels* labels,
                const Duplicates& duplicates) {
  std::vector<std::size_t> group_of(crystals.size(), 0);
  for (std::size_t group = 0; group < duplicates.groups.size(); ++group) {
    group_of[duplicates.groups[group].kept] = group + 1;
  }
  write_csv_row(out, {"id", "conductivity_S_per_cm", "group", "members"});
  for (const auto kept : duplicates.kept) {
    const auto group = group_of[kept];
    const auto members = group == 0 ? std::size_t{1} : duplicates.groups[group - 1].members.size();
    write_csv_row(out, {crystals[kept].id, conductivity_text(label_of(crystals[kept], labels)),
                        group == 0 ? "" : fmt::format("{}", group), fmt::format("{}", members)});
  }
}

} // namespace

void write_duplicates(const std::filesystem::path& folder, const std::vector<crystal::Crystal>& crystals,
                      const Labels* labels, const Duplicates& duplicates) {
  make_folder(folder);
  write_file_atomically(folder / "groups.csv",
                        [&](std::ostream& out) { write_groups(out, crystals, labels, duplicates); });
  write_file_atomically(folder / "pairs.csv",
                        [&](std::ostream& out) { write_pairs(out, crystals, duplicates); });
  write_file_atomically(folder / "kept.csv",
                        [&](std::ostream& out) { write_kept(out, crystals, labels, duplicates); });
}

} // namespace ionsift::dataset
