// SPDX-License-Identifier: BSD-3-Clause
// The HDF5 file while it is written.
#pragma once

#include "tables.hpp"

#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace ionsift::store {

/// Makes every dataset at its final size, and fills them window by window. All functions are collective.
class StoreFile {
public:
  /// @param sizes  of all ranks  @param blocks of structures, over all windows
  StoreFile(const parallel::Communicator& comm, const std::filesystem::path& path,
            const Provenance& provenance, const StoreSizes& sizes, std::uint64_t blocks);
  /// Not collective: without `close`, the file stays behind as it is.
  ~StoreFile();
  StoreFile(const StoreFile&) = delete;
  StoreFile& operator=(const StoreFile&) = delete;

  /// The next window. @param blocks structures of each block of this rank; they follow the blocks of the
  /// ranks before
  void write(std::span<const FinishedStructure> structures, const std::vector<std::uint64_t>& blocks);
  void write(std::span<const FailureRecord> failures);
  /// Writes the history (of rank 0), marks the file complete, closes it, and syncs it on every node.
  void close(const History& history);

private:
  struct Open;
  parallel::Communicator comm_;
  std::filesystem::path path_;
  std::unique_ptr<Open> open_;
};

} // namespace ionsift::store
