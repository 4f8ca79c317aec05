// SPDX-License-Identifier: BSD-3-Clause
// From finished records, wherever they lie, to the store.
#pragma once

#include "format/store_sizes.hpp"
#include "input_order.hpp"
#include "record_log.hpp"
#include "store_file.hpp"

#include <functional>
#include <optional>

namespace ionsift::store {

/// A finished record of this rank.
struct PlacedRecord {
  std::uint64_t index = 0; ///< position in the input
  RecordPlace place;
  std::uint32_t weight = 0;
  std::uint32_t part = 0; ///< part of the input, if the index counts within one
};

/// What this rank has finished: 32 bytes a structure.
struct FinishedRecords {
  explicit FinishedRecords(std::size_t representations) : sizes(representations) {}
  std::vector<PlacedRecord> structures, failures;
  StoreSizes sizes;
};

/// Adds the records of an entry to those that this rank has finished.
void place_records(const EntryRecords& records, const EntryPlaces& places, std::uint32_t part,
                   FinishedRecords& finished);

/// Reads records in windows, sends each to the rank that writes it, and writes the file. A window holds
/// 16 MiB a rank or less, so that memory does not grow with the store. All functions are collective.
class StoreAssembly {
public:
  /// @throws Error internal, on all ranks, when an index occurs twice
  StoreAssembly(const parallel::Communicator& comm, const std::filesystem::path& path,
                const Provenance& provenance, RecordLog& log, const FinishedRecords& finished);

  std::uint64_t structures() const { return structure_order_.size(); }
  std::uint64_t failures() const { return failure_order_.size(); }
  /// @param visit gets this rank's structures of each window before they are written
  void write(const std::function<void(std::span<FinishedStructure>)>& visit);
  /// As StoreFile::close.
  void close(const History& history) { file_.close(history); }

private:
  template <typename Record, typename Get>
  std::vector<Record> exchange(const InputOrder& order, const std::vector<PlacedRecord>& mine,
                               std::uint64_t first_block, std::uint64_t last_block, std::size_t& next,
                               const Get& get);
  std::uint64_t window_blocks() const;

  parallel::Communicator comm_;
  RecordLog& log_;
  const FinishedRecords& finished_;
  InputOrder structure_order_, failure_order_;
  StoreFile file_;
};

} // namespace ionsift::store
