// SPDX-License-Identifier: BSD-3-Clause
// Writing a store from all ranks at once.
#pragma once

#include "ionsift/parallel/communicator.hpp"
#include "ionsift/store/format/history.hpp"
#include "ionsift/store/format/schema.hpp"

#include <filesystem>
#include <memory>

namespace ionsift::store {

/// Streams batches of structures into one HDF5 file, collectively. Each rank hands over the records it
/// happens to have computed; they are exchanged so that every rank has one contiguous piece, and the file is
/// the same for any number of ranks. It is named PATH.partial until `close`.
class Writer {
public:
  /// Collective; the folder of `path` is made. @throws Error io, conflict when `path` exists and `overwrite`
  /// is false
  Writer(const parallel::Communicator& comm, const std::filesystem::path& path, const Provenance& provenance,
         bool overwrite);
  /// Not collective: without `close`, the .partial file stays behind as it is.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Appends one batch; collective, with empty vectors where a rank has nothing. Indices are distinct over
  /// all ranks, and all indices of a batch are greater than those of the batches before.
  /// @throws Error on all ranks when a record of any rank does not fit the store: limit or data
  /// (require_storable), internal (features other than the provenance says, indices out of order)
  void append(std::vector<StructureRecord> structures, std::vector<FailureRecord> failures);

  /// Writes the history (of rank 0), marks the file complete, closes, syncs and renames it; collective.
  void close(const History& history = {});

  std::uint64_t structures() const; ///< written so far, over all ranks
  std::uint64_t failures() const;

private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

} // namespace ionsift::store
