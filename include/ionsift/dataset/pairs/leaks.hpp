// SPDX-License-Identifier: BSD-3-Clause
// Leaks: entries that two collections share although they should be disjoint.
#pragma once

#include "ionsift/crystal/crystal.hpp"
#include "ionsift/dataset/labels/labels.hpp"
#include "ionsift/dataset/labels/publications.hpp"
#include "ionsift/dataset/pairs/structure_pairs.hpp"
#include "ionsift/parallel/communicator.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ionsift::dataset {

/// The ways in which two entries are the same, from the surest to the vaguest: their ids, ICSD numbers,
/// structures or compositions; their compositions apart from trace elements; or the publication alone that
/// they are from, which does not make them one compound.
enum class LeakKind { id, icsd, structure, composition, dopant, doi };
inline constexpr std::array all_leak_kinds = {LeakKind::id,          LeakKind::icsd,   LeakKind::structure,
                                              LeakKind::composition, LeakKind::dopant, LeakKind::doi};
std::string_view name_of(LeakKind kind);
/// Whether entries that are the same in this way are (nearly) one compound.
constexpr bool is_of_compound(LeakKind kind) {
  return kind != LeakKind::doi;
}

/// Numbers of the Inorganic Crystal Structure Database by entry id.
class IcsdNumbers {
public:
  /// @param id_column   empty: found by name, see find_id_column
  /// @param icsd_column empty: "ICSD ID", "icsd_id", "icsd", "icsd_number" or "collection code", letter case
  /// ignored
  /// @throws Error missing (file, column)
  static IcsdNumbers read(const std::filesystem::path& path, const std::string& id_column = {},
                          const std::string& icsd_column = {});
  /// As read, but nothing if the table has no such column.
  static std::optional<IcsdNumbers> read_if_any(const std::filesystem::path& path,
                                                const std::string& id_column = {});
  /// "155950", "155950.0" and "ICSD-155950" are one number; "1, 2", "1;2" are two; 0, "-", "N/A" and other
  /// placeholders (is_placeholder) are none.
  void add(const std::string& id, std::string_view text);
  /// The numbers of an id; nullptr if it has none.
  const std::vector<std::string>* find(const std::string& id) const;
  std::size_t size() const { return numbers_.size(); } ///< number of ids with a number
  std::vector<std::string> ids() const;                ///< sorted
  /// Renames the ids to those of a store.
  void rename(const IdMatch& match);
  /// Adds those of another table; an id in both has the numbers of both.
  void append(const IcsdNumbers& other);

private:
  std::unordered_map<std::string, std::vector<std::string>> numbers_;
};

struct LeakOptions {
  PairOptions pairs;
  /// The same elements and every atomic fraction, to three decimals, within this (METHOD: section 6).
  double composition_tolerance = 0.05;
  /// Elements other than lithium with at most this share of the atoms are traces: 0.05 in a formula of five
  /// atoms, 0.24 in one of 24. Compositions that are not near are compared again without them.
  double dopant = 0.01;
};

/// Data from tables about a collection's entries, by id; nullptr if not compared.
struct Identifiers {
  Identifiers(const IcsdNumbers* icsd_numbers, const PublicationsById* publications_by_id = nullptr)
      : icsd(icsd_numbers), publications(publications_by_id) {}

  const IcsdNumbers* icsd;
  const PublicationsById* publications;
};

/// One pair of entries and every way in which they are the same.
struct Leak {
  std::uint64_t first = 0;  ///< position in the first collection
  std::uint64_t second = 0; ///< position in the second collection
  std::array<bool, all_leak_kinds.size()> kinds{};
  double composition_difference = 0;            ///< largest difference of an atomic fraction
  std::optional<crystal::StructureMatch> match; ///< set if the structures match

  bool is(LeakKind kind) const { return kinds[static_cast<std::size_t>(kind)]; }
};

struct LeakReport {
  std::vector<Leak> leaks; ///< leaks in the order of (first, second)
  /// Pairs of each kind, and distinct entries of the second collection in them.
  std::array<std::uint64_t, all_leak_kinds.size()> pairs{};
  std::array<std::uint64_t, all_leak_kinds.size()> entries{};
  std::uint64_t entries_of_any_kind = 0; ///< entries in leaks of a kind with is_of_compound
  std::uint64_t undecided = 0;           ///< pairs whose structures took too long to compare
  /// Entries of the second collection that are the same as a training entry without a structure; not
  /// among the others. Filled in from find_table_leaks.
  std::array<std::uint64_t, all_leak_kinds.size()> by_table{};
  std::uint64_t by_table_of_any_kind = 0;

  std::uint64_t entries_by(LeakKind kind) const { return entries[static_cast<std::size_t>(kind)]; }
  std::uint64_t by_table_by(LeakKind kind) const { return by_table[static_cast<std::size_t>(kind)]; }
  /// Adds leaks of entries without a structure.
  void note_table(const LeakReport& of_entries) {
    by_table = of_entries.entries;
    by_table_of_any_kind = of_entries.entries_of_any_kind;
  }
};

/// Collective; every rank holds the same collections and gets the same result. Structures are compared as by
/// find_duplicates.
/// @param first_known, second_known data from tables about the collections' entries
/// @param kept as in match_pairs; where that was interrupted the report is empty
LeakReport find_leaks(const parallel::Communicator& comm, const std::vector<crystal::Crystal>& first,
                      const std::vector<crystal::Crystal>& second, const Identifiers& first_known,
                      const Identifiers& second_known, const LeakOptions& options = {},
                      KeptComparisons* kept = nullptr);

/// first, second, kinds ("icsd;structure"), composition_difference, rms, max_distance, first_formula,
/// second_formula, first_source, second_source. Not collective.
void write_leaks(const std::filesystem::path& path, const std::vector<crystal::Crystal>& first,
                 const std::vector<crystal::Crystal>& second, const LeakReport& report);

} // namespace ionsift::dataset
