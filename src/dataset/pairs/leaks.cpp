// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/pairs/leaks.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/enum_names.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/crystal/chemistry/near_composition.hpp"
#include "ionsift/crystal/formula.hpp"
#include "ionsift/dataset/pairs/table_leaks.hpp"

#include "composition_distance.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <set>

namespace ionsift::dataset {

namespace {

using Found = std::map<CrystalPair, Leak>;

void note(Found& found, CrystalPair pair, LeakKind kind) {
  auto& leak = found[pair];
  leak.first = pair.first;
  leak.second = pair.second;
  leak.kinds[static_cast<std::size_t>(kind)] = true;
}

/// @param first, second collections with ids
template <typename Entry>
void note_same_ids(Found& found, const std::vector<Entry>& first, const std::vector<Entry>& second) {
  std::unordered_multimap<std::string, std::uint64_t> known;
  for (std::uint64_t i = 0; i < first.size(); ++i) {
    known.emplace(first[i].id, i);
  }
  for (std::uint64_t j = 0; j < second.size(); ++j) {
    const auto [begin, end] = known.equal_range(second[j].id);
    for (auto same = begin; same != end; ++same) {
      note(found, {same->second, j}, LeakKind::id);
    }
  }
}

/// Pairs of entries that share a name.
/// @param names_of the names of an entry in the first and the second collection: nullptr for none
template <typename Entry, typename FirstNames, typename SecondNames>
void note_common_names(Found& found, const std::vector<Entry>& first, const std::vector<Entry>& second,
                       LeakKind kind, const FirstNames& first_names, const SecondNames& second_names) {
  std::unordered_multimap<std::string, std::uint64_t> known;
  for (std::uint64_t i = 0; i < first.size(); ++i) {
    if (const std::vector<std::string>* names = first_names(first[i].id)) {
      for (const auto& name : *names) {
        known.emplace(name, i);
      }
    }
  }
  for (std::uint64_t j = 0; j < second.size(); ++j) {
    const std::vector<std::string>* names = second_names(second[j].id);
    if (names == nullptr) {
      continue;
    }
    for (const auto& name : *names) {
      const auto [begin, end] = known.equal_range(name);
      for (auto same = begin; same != end; ++same) {
        note(found, {same->second, j}, kind);
      }
    }
  }
}

template <typename Entry>
void note_same_identifiers(Found& found, const std::vector<Entry>& first, const std::vector<Entry>& second,
                           const Identifiers& first_known, const Identifiers& second_known) {
  if (first_known.icsd != nullptr && second_known.icsd != nullptr) {
    note_common_names(
        found, first, second, LeakKind::icsd,
        [&](const std::string& id) { return first_known.icsd->find(id); },
        [&](const std::string& id) { return second_known.icsd->find(id); });
  }
  if (first_known.publications != nullptr && second_known.publications != nullptr) {
    const auto find = [](const PublicationsById& publications, const std::string& id) {
      const auto entry = publications.find(id);
      return entry == publications.end() ? nullptr : &entry->second;
    };
    note_common_names(
        found, first, second, LeakKind::doi,
        [&](const std::string& id) { return find(*first_known.publications, id); },
        [&](const std::string& id) { return find(*second_known.publications, id); });
  }
}

/// @param select selects the near pairs to record
template <typename Select>
void note_near_compositions(Found& found, const std::vector<crystal::Composition>& first,
                            const std::vector<crystal::Composition>& second, LeakKind kind, double tolerance,
                            const Select& select) {
  struct Known {
    std::uint64_t position;
    crystal::RoundedComposition composition;
  };
  std::unordered_map<std::string, std::vector<Known>> by_elements;
  for (std::uint64_t i = 0; i < first.size(); ++i) {
    crystal::RoundedComposition composition(first[i]);
    const auto elements = composition.elements();
    by_elements[elements].push_back({i, std::move(composition)});
  }
  for (std::uint64_t j = 0; j < second.size(); ++j) {
    const crystal::RoundedComposition composition(second[j]);
    const auto same_elements = by_elements.find(composition.elements());
    if (same_elements == by_elements.end()) {
      continue;
    }
    for (const auto& known : same_elements->second) {
      if (crystal::is_within(*composition.difference(known.composition), tolerance) &&
          select(CrystalPair{known.position, j})) {
        note(found, {known.position, j}, kind);
      }
    }
  }
}

/// Compositions without traces, and which of them had any.
struct HostCompositions {
  std::vector<crystal::Composition> composition;
  std::vector<bool> doped;
};

HostCompositions hosts_of(const std::vector<crystal::Composition>& compositions, double trace) {
  constexpr int lithium = 3; // the mobile element, however small its amount
  constexpr double rounding = 1e-9;
  HostCompositions hosts;
  for (const auto& whole : compositions) {
    crystal::Composition host;
    for (const auto& [element, amount] : whole.amounts()) {
      if (element == lithium || whole.fraction(element) > trace + rounding) {
        host.add(element, amount);
      }
    }
    hosts.doped.push_back(host.amounts().size() < whole.amounts().size());
    hosts.composition.push_back(std::move(host));
  }
  return hosts;
}

void note_compositions(Found& found, const std::vector<crystal::Composition>& first,
                       const std::vector<crystal::Composition>& second, const LeakOptions& options) {
  note_near_compositions(found, first, second, LeakKind::composition, options.composition_tolerance,
                         [](const CrystalPair&) { return true; });
  const auto first_hosts = hosts_of(first, options.dopant), second_hosts = hosts_of(second, options.dopant);
  note_near_compositions(found, first_hosts.composition, second_hosts.composition, LeakKind::dopant,
                         options.composition_tolerance, [&](const CrystalPair& pair) {
                           const auto known = found.find(pair);
                           return (first_hosts.doped[pair.first] || second_hosts.doped[pair.second]) &&
                                  (known == found.end() || !known->second.is(LeakKind::composition));
                         });
}

std::vector<crystal::Composition> compositions_of(const std::vector<crystal::Crystal>& crystals) {
  std::vector<crystal::Composition> compositions;
  compositions.reserve(crystals.size());
  for (const auto& crystal : crystals) {
    compositions.push_back(crystal.composition());
  }
  return compositions;
}

LeakReport counted(Found found) {
  LeakReport report;
  std::array<std::set<std::uint64_t>, all_leak_kinds.size()> entries;
  std::set<std::uint64_t> entries_of_any_kind;
  for (auto& [pair, leak] : found) {
    for (std::size_t kind = 0; kind < all_leak_kinds.size(); ++kind) {
      if (leak.kinds[kind]) {
        ++report.pairs[kind];
        entries[kind].insert(leak.second);
        if (is_of_compound(all_leak_kinds[kind])) {
          entries_of_any_kind.insert(leak.second);
        }
      }
    }
    report.leaks.push_back(std::move(leak));
  }
  for (std::size_t kind = 0; kind < all_leak_kinds.size(); ++kind) {
    report.entries[kind] = entries[kind].size();
  }
  report.entries_of_any_kind = entries_of_any_kind.size();
  return report;
}

constexpr auto leak_kind_names = enum_names<LeakKind>({{LeakKind::id, "id"},
                                                       {LeakKind::icsd, "icsd"},
                                                       {LeakKind::structure, "structure"},
                                                       {LeakKind::composition, "composition"},
                                                       {LeakKind::dopant, "dopant"},
                                                       {LeakKind::doi, "doi"}});

} // namespace

std::string_view name_of(LeakKind kind) {
  return leak_kind_names.name(kind);
}

LeakReport find_leaks(const parallel::Communicator& comm, const std::vector<crystal::Crystal>& first,
                      const std::vector<crystal::Crystal>& second, const Identifiers& first_known,
                      const Identifiers& second_known, const LeakOptions& options, KeptComparisons* kept) {
  Found found;
  note_same_ids(found, first, second);
  note_same_identifiers(found, first, second, first_known, second_known);
  const auto first_compositions = compositions_of(first);
  const auto second_compositions = compositions_of(second);
  note_compositions(found, first_compositions, second_compositions, options);
  const auto plausible = plausible_pairs(first, second, options.pairs);
  const auto matches = match_pairs(comm, first, second, plausible, options.pairs.matcher, kept);
  if (kept != nullptr && kept->work.interrupted()) {
    return {};
  }
  for (const auto& matched : matches.matched) {
    note(found, matched.pair, LeakKind::structure);
    found[matched.pair].match = matched.match;
  }
  for (auto& [pair, leak] : found) {
    leak.composition_difference =
        largest_fraction_difference(first_compositions[pair.first], second_compositions[pair.second]);
  }
  LeakReport report = counted(std::move(found));
  report.undecided = matches.undecided.size();
  return report;
}

LeakReport find_table_leaks(const std::vector<TableEntry>& first, const std::vector<TableEntry>& second,
                            const Identifiers& first_known, const Identifiers& second_known,
                            const LeakOptions& options) {
  Found found;
  note_same_ids(found, first, second);
  note_same_identifiers(found, first, second, first_known, second_known);
  const auto compositions = [](const std::vector<TableEntry>& entries) {
    std::vector<crystal::Composition> list;
    for (const auto& entry : entries) {
      list.push_back(entry.composition);
    }
    return list;
  };
  const auto first_compositions = compositions(first), second_compositions = compositions(second);
  note_compositions(found, first_compositions, second_compositions, options);
  for (auto& [pair, leak] : found) {
    leak.composition_difference =
        largest_fraction_difference(first_compositions[pair.first], second_compositions[pair.second]);
  }
  return counted(std::move(found));
}

std::vector<TableEntry> entries_of(const Labels& labels, const std::vector<std::string>& ids) {
  std::vector<TableEntry> entries;
  for (const auto& id : ids) {
    if (auto composition = labels.composition_of(id)) {
      entries.push_back({id, std::move(*composition)});
    }
  }
  return entries;
}

std::vector<TableEntry> entries_of(const std::vector<crystal::Crystal>& crystals) {
  std::vector<TableEntry> entries;
  for (const auto& crystal : crystals) {
    entries.push_back({crystal.id, crystal.composition()});
  }
  return entries;
}

void write_leaks(const std::filesystem::path& path, const std::vector<crystal::Crystal>& first,
                 const std::vector<crystal::Crystal>& second, const LeakReport& report) {
  write_file_atomically(path, [&](std::ostream& out) {
    write_csv_row(out, {"first", "second", "kinds", "composition_difference", "rms", "max_distance",
                        "first_formula", "second_formula", "first_source", "second_source"});
    for (const auto& leak : report.leaks) {
      std::vector<std::string_view> kinds;
      for (const auto kind : all_leak_kinds) {
        if (leak.is(kind)) {
          kinds.push_back(name_of(kind));
        }
      }
      const auto& a = first[leak.first];
      const auto& b = second[leak.second];
      write_csv_row(out, {a.id, b.id, fmt::format("{}", fmt::join(kinds, ";")),
                          fmt::format("{:.4f}", leak.composition_difference),
                          leak.match ? fmt::format("{:.4f}", leak.match->rms) : "",
                          leak.match ? fmt::format("{:.4f}", leak.match->max_distance) : "",
                          crystal::written_formula(a), crystal::written_formula(b), a.source, b.source});
    }
  });
}

} // namespace ionsift::dataset
