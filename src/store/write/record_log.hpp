// SPDX-License-Identifier: BSD-3-Clause
// Finished records, in files of the ranks that computed them.
#pragma once

#include "ionsift/base/mapped_file.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/store/format/schema.hpp"

#include "format/bytes.hpp"
#include "format/finished_structure.hpp"
#include "format/key_table.hpp"

#include <filesystem>
#include <optional>
#include <span>
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

/// The folder STORE.partial.d: each rank appends finished records, entry by entry, to a file of its own, with
/// length, key and checksums. The store is made from these files at the end; after a kill, whole entries can
/// be trusted, and what is torn or damaged is passed over. Whatever number of ranks comes next finds them by
/// their keys. Short runs stay in memory and make no folder.
class RecordLog {
public:
  /// An entry that an interrupted run left.
  struct Left {
    std::uint64_t key = 0;
    std::uint64_t file = 0; ///< position in the list of files
    std::uint64_t offset = 0, length = 0;
    friend auto operator<=>(const Left&, const Left&) = default;
  };

  /// Looks through what an interrupted run left: heads of entries alone, each rank its share of the files.
  /// Collective.
  /// @param options of this run: "NAME=VALUE"
  /// @param discard what was left with other options, instead of refusing it
  /// @throws Error conflict, on all ranks, for files of a run with other options
  RecordLog(const parallel::Communicator& comm, std::filesystem::path folder,
            std::vector<std::string> options, bool discard);
  ~RecordLog();
  RecordLog(const RecordLog&) = delete;
  RecordLog& operator=(const RecordLog&) = delete;

  const std::filesystem::path& folder() const { return folder_; }
  std::uint64_t size() const { return left_.size(); } ///< entries that were left, over all ranks
  std::optional<Left> find(std::uint64_t key) const;
  /// Reads an entry once, with its places; nothing when it is damaged.
  std::optional<std::pair<EntryRecords, EntryPlaces>> read(const Left& left);

  /// These concern this rank alone. Adding costs no input or output before `unflushed` is large.
  EntryPlaces add(std::uint64_t key, const EntryRecords& records);
  std::size_t unflushed() const { return added_.size(); }
  /// Hands what was added to the operating system. @throws Error io
  void flush();

  /// The bytes of a record, as put_finished or put_record wrote them. @throws Error io, data
  std::string record(const RecordPlace& place);
  /// Removes the folder once the store is whole; collective.
  void remove();

private:
  void scan(std::uint64_t file, std::vector<Left>& left);
  const RandomFile& open(std::uint64_t file);
  std::filesystem::path own_path() const;

  parallel::Communicator comm_;
  std::filesystem::path folder_;
  std::vector<std::string> options_;
  std::vector<std::string> files_;                ///< those that were there
  std::vector<std::optional<RandomFile>> opened_; ///< [files]
  KeyTable<Left> left_;
  std::uint64_t attempt_ = 0;
  int descriptor_ = -1;
  std::optional<RandomFile> own_;
  std::uint64_t flushed_ = 0; ///< bytes in the file
  ByteWriter added_;
};

} // namespace ionsift::store
