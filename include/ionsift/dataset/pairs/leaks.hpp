// SPDX-License-Identifier: BSD-3-Clause
// Entries of one collection that another, from which it should be separate, holds too.
#pragma once

#include "ionsift/crystal/crystal.hpp"
#include "ionsift/dataset/labels/labels.hpp"
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

/// How two entries are the same, from the surest to the vaguest.
enum class LeakKind { id, icsd, structure, composition };
inline constexpr std::array all_leak_kinds = {LeakKind::id, LeakKind::icsd, LeakKind::structure,
                                              LeakKind::composition};
std::string_view name_of(LeakKind kind);

/// Numbers of the Inorganic Crystal Structure Database by entry id.
class IcsdNumbers {
public:
  /// @param id_column   empty: found by name, see find_id_column
  /// @param icsd_column empty: "ICSD ID", "icsd_id", "icsd", "icsd_number" or "collection code", letter case
  /// ignored
  /// @throws Error missing (file, column)
  static IcsdNumbers read(const std::filesystem::path& path, const std::string& id_column = {},
                          const std::string& icsd_column = {});
  /// The same where the table has such a column, else nothing.
  static std::optional<IcsdNumbers> read_if_any(const std::filesystem::path& path,
                                                const std::string& id_column = {});
  /// "155950", "155950.0" and "ICSD-155950" are one number; "1, 2", "1;2" are two; 0, "-", "N/A" and other
  /// placeholders (is_placeholder) are none.
  void add(const std::string& id, std::string_view text);
  /// Nothing (nullptr) where the id has none.
  const std::vector<std::string>* find(const std::string& id) const;
  std::size_t size() const { return numbers_.size(); } ///< ids with a number
  std::vector<std::string> ids() const;                ///< sorted
  /// Takes over the names by which a store knows these structures.
  void rename(const IdMatch& match);

private:
  std::unordered_map<std::string, std::vector<std::string>> numbers_;
};

struct LeakOptions {
  PairOptions pairs;
  /// The same elements and every atomic fraction, to three decimals, within this (METHOD: section 6).
  double composition_tolerance = 0.05;
};

/// One pair of entries and every way in which they are the same.
struct Leak {
  std::uint64_t first = 0;  ///< position in the collection that should not know the other
  std::uint64_t second = 0; ///< position in the other
  std::array<bool, all_leak_kinds.size()> kinds{};
  double composition_difference = 0;            ///< largest difference of an atomic fraction
  std::optional<crystal::StructureMatch> match; ///< where the structures match

  bool is(LeakKind kind) const { return kinds[static_cast<std::size_t>(kind)]; }
};

struct LeakReport {
  std::vector<Leak> leaks; ///< by (first, second)
  /// Pairs of each kind, and distinct entries of the second collection in them.
  std::array<std::uint64_t, all_leak_kinds.size()> pairs{};
  std::array<std::uint64_t, all_leak_kinds.size()> entries{};
  std::uint64_t entries_of_any_kind = 0;
  std::uint64_t undecided = 0; ///< pairs whose structures took too long to compare
  /// Entries of the second collection with the composition of one that is known by its composition alone; not
  /// among the others. Filled in by `count_near_compositions`.
  std::uint64_t entries_by_table = 0;
};

/// Collective; every rank holds the same collections and gets the same result. Structures are compared as by
/// find_duplicates.
/// @param first_icsd, second_icsd numbers of the collections' entries, or nullptr for none
/// @param kept as in match_pairs; where that was interrupted the report is empty
LeakReport find_leaks(const parallel::Communicator& comm, const std::vector<crystal::Crystal>& first,
                      const std::vector<crystal::Crystal>& second, const IcsdNumbers* first_icsd,
                      const IcsdNumbers* second_icsd, const LeakOptions& options = {},
                      KeptComparisons* kept = nullptr);

/// How many of `crystals` have nearly the composition of one of the labelled entries `ids`, as the table of
/// labels gives it. Entries without a composition that can be read are like none.
std::uint64_t count_near_compositions(const Labels& labels, const std::vector<std::string>& ids,
                                      const std::vector<crystal::Crystal>& crystals, double tolerance = 0.05);

/// first, second, kinds ("icsd;structure"), composition_difference, rms, max_distance, first_formula,
/// second_formula, first_source, second_source. Not collective.
void write_leaks(const std::filesystem::path& path, const std::vector<crystal::Crystal>& first,
                 const std::vector<crystal::Crystal>& second, const LeakReport& report);

} // namespace ionsift::dataset
