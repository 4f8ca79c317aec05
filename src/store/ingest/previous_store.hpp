// SPDX-License-Identifier: BSD-3-Clause
// The store that a run brings up to date.
#pragma once

#include "ionsift/parallel/communicator.hpp"
#include "ionsift/store/read/reader.hpp"

#include "format/finished_structure.hpp"
#include "format/key_table.hpp"

#include <compare>
#include <optional>
#include <span>
#include <vector>

namespace ionsift::store {

/// The previous store and the changes since. Its keys lie in two files that the ranks of a node
/// share: 56 bytes a structure. A rank keeps 8 bytes for each structure that it writes.
class PreviousStore {
public:
  /// Consecutive structures that came from one entry.
  struct Entry {
    std::uint64_t first = 0, count = 0;
  };

  /// Nothing before: every structure is new.
  PreviousStore() = default;
  /// Each rank reads its share of the keys; collective.
  /// @param folder for the tables of keys
  /// @throws Error conflict, on all ranks, where the store was made otherwise than `now`
  PreviousStore(const parallel::Communicator& comm, const std::filesystem::path& store,
                const std::filesystem::path& folder, const Provenance& now);

  bool exists() const { return reader_.has_value(); }
  /// Entries of which nothing failed.
  std::optional<Entry> find(std::uint64_t key) const;
  /// Structures first .. first + count of one entry; nothing where one of them is damaged. Fast for entries
  /// that follow each other.
  std::optional<std::vector<StructureRecord>> read(const Entry& entry);

  /// Tells new, changed and unchanged structures apart, counts them, and gives each the release in which its
  /// content first came.
  void classify(std::span<FinishedStructure> structures);
  /// Completes the counts of this run's release, and gives the history with it (gone on rank 0 only);
  /// collective. A run that found nothing new in the release that was the last one adds no row.
  History history(const parallel::Communicator& comm, Release& release);

private:
  /// A structure by the key of its entry.
  struct KeyRow {
    std::uint64_t key = 0, row = 0, block = 0;
    friend auto operator<=>(const KeyRow&, const KeyRow&) = default;
  };
  /// A structure by its id and block.
  struct NameRow {
    std::uint64_t key = 0;
    std::uint64_t row = 0;     ///< row of structures/; from size() on, row of gone/
    std::uint64_t content = 0; ///< first bits of its hash; 0 for disappeared ids
    std::int64_t release = 0;
    friend auto operator<=>(const NameRow&, const NameRow&) = default;
  };
  void read_keys(std::uint64_t first, std::uint64_t last, std::vector<KeyRow>& keys,
                 std::vector<NameRow>& names) const;
  void add_rows(std::uint64_t first, std::uint64_t count, const std::vector<std::uint64_t>& failed,
                std::vector<KeyRow>& keys, std::vector<NameRow>& names) const;
  std::vector<GoneStructure> gone_of(std::uint64_t first, const std::vector<bool>& met) const;
  std::vector<GoneStructure> gather_gone(const parallel::Communicator& comm, const std::vector<bool>& met,
                                         std::uint64_t first, Release& release) const;
  void fill_ahead(std::uint64_t first, std::uint64_t count);

  std::optional<Reader> reader_;
  History before_;
  KeyTable<KeyRow> entries_;
  KeyTable<NameRow> names_;
  std::int64_t release_ = 0; ///< position of this run's
  std::int64_t added_ = 0, changed_ = 0, unchanged_ = 0;
  std::vector<std::uint64_t> seen_; ///< rows met by this rank
  /// Structures that were read ahead.
  std::vector<std::optional<StructureRecord>> ahead_;
  std::uint64_t ahead_first_ = 0, ahead_size_ = 1;
};

} // namespace ionsift::store
