// The store that a run brings up to date.
#pragma once

#include "ionsift/parallel/communicator.hpp"
#include "ionsift/store/reader.hpp"

#include <optional>
#include <vector>

namespace ionsift::store {

/// What the store before holds, and what has become of it. Every rank knows all its keys: 56 bytes for each
/// structure.
class Past {
public:
  /// Consecutive structures that came from one entry.
  struct Entry {
    std::uint64_t key = 0, first = 0, count = 0;
  };

  /// Nothing before: every structure is new.
  Past() = default;
  /// Rank 0 reads the keys; collective.
  /// @throws Error conflict, on all ranks, where the store was made otherwise than `now`
  Past(const parallel::Communicator& comm, const std::filesystem::path& store, const Provenance& now);

  bool exists() const { return reader_.has_value(); }
  /// Entries of which nothing failed.
  std::optional<Entry> find(std::uint64_t key) const;
  /// Structures first .. first + count; nothing in place of those that are damaged.
  std::vector<std::optional<StructureRecord>> read(std::uint64_t first, std::uint64_t count) const;

  /// Tells new, changed and unchanged structures apart, counts them, and gives each the release in which its
  /// content first came.
  void classify(std::vector<StructureRecord>& records);
  /// Tells rank 0 what this rank's records were; collective, after each batch.
  void gather_seen(const parallel::Communicator& comm);
  /// Completes the counts of this run's release, and gives the history with it (gone on rank 0 only);
  /// collective. A run that found nothing new in the release that was the last one adds no row.
  History history(const parallel::Communicator& comm, Release& release) const;

private:
  struct Structure {
    std::uint64_t name = 0;    ///< of id and block
    std::uint64_t content = 0; ///< first bits of its hash; 0 for what is gone
    std::uint64_t row = 0;     ///< of structures/; from size() on, of gone/
    std::int64_t release = 0;
  };
  void read_keys();
  void add_rows(std::uint64_t first, std::uint64_t count, const std::vector<std::uint64_t>& failed);
  std::vector<GoneStructure> gone() const;

  std::optional<Reader> reader_;
  History before_;
  std::vector<Entry> entries_;
  std::vector<Structure> structures_;
  std::int64_t release_ = 0; ///< position of this run's
  std::int64_t added_ = 0, changed_ = 0, unchanged_ = 0;
  std::vector<std::uint64_t> seen_; ///< rows met in this batch
  std::vector<bool> met_;           ///< rank 0: rows met so far
};

} // namespace ionsift::store
