// SPDX-License-Identifier: BSD-3-Clause
// Finished records, in files of the ranks that computed them.
#pragma once

#include "ionsift/parallel/log_folder.hpp"
#include "ionsift/store/format/schema.hpp"

#include "format/finished_structure.hpp"
#include "format/key_table.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ionsift::store {

/// Where the bytes of one record lie.
struct RecordPlace {
  std::uint64_t offset = 0;
  std::uint32_t length = 0;
  std::uint32_t file = 0; ///< 0: this rank's own; else position + 1 in the list of those that were there
};

/// Records of one entry.
struct EntryRecords {
  std::vector<FinishedStructure> structures;
  std::vector<FailureRecord> failures;
};

/// Where each of them lies.
struct EntryPlaces {
  std::vector<RecordPlace> structures, failures;
};

/// The folder STORE.partial.d (parallel/log_folder.hpp): each rank appends finished records, entry by entry.
/// The store is made from these files at the end; after a kill, whole entries can be trusted, and what is
/// torn or damaged is passed over. The next ranks find them by their keys. Short runs stay in memory and make
/// no folder.
class RecordLog {
public:
  /// An entry that an interrupted run left.
  using Left = parallel::LogFolder::Record;

  /// Looks through what an interrupted run left: frames of entries alone. Collective.
  /// @param options of this run: "NAME=VALUE"
  /// @param discard what was left with other options, instead of refusing it
  /// @throws Error conflict, on all ranks, for files of a run with other options
  RecordLog(const parallel::Communicator& comm, std::filesystem::path folder,
            const std::vector<std::string>& options, bool discard);

  const std::filesystem::path& folder() const { return logs_.folder(); }
  std::uint64_t size() const { return left_.size(); } ///< entries that were left, over all ranks
  std::optional<Left> find(std::uint64_t key) const;
  /// Reads an entry once, with its places; nothing when it is damaged.
  std::optional<std::pair<EntryRecords, EntryPlaces>> read(const Left& left);

  /// These concern this rank alone. Adding costs no input or output before `unflushed` is large.
  EntryPlaces add(std::uint64_t key, const EntryRecords& records);
  std::size_t unflushed() { return logs_.own().unflushed(); }
  /// Hands what was added to the operating system. @throws Error io
  void flush() { logs_.flush(); }

  /// The bytes of a record, as put_finished or put_record wrote them. @throws Error io, data
  std::string record(const RecordPlace& place);
  /// Removes the folder once the store is whole; collective.
  void remove() { logs_.remove(); }

private:
  parallel::LogFolder logs_;
  KeyTable<Left> left_;
};

} // namespace ionsift::store
