// Writing a store from all ranks at once.
#pragma once

#include "ionsift/parallel/communicator.hpp"
#include "ionsift/store/schema.hpp"

#include <filesystem>
#include <memory>

namespace ionsift::store {

/// Streams batches of structures into one HDF5 file, collectively. Each rank hands over the records it
/// happens to have computed; they are exchanged so that every rank writes one contiguous piece, and the
/// content is the same for any number of ranks. The file is named PATH.partial until `close`.
class Writer {
public:
  /// Collective. @throws Error io, conflict when `path` exists and `overwrite` is false
  Writer(const parallel::Communicator& comm, const std::filesystem::path& path, const Provenance& provenance,
         bool overwrite);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Appends one batch; collective, with empty vectors where a rank has nothing. All indices of a batch are
  /// greater than those of the batches before.
  void append(std::vector<StructureRecord> structures, std::vector<FailureRecord> failures);

  /// Closes, syncs and renames the file; collective. Without it the .partial file stays behind.
  void close();

  std::uint64_t structures() const; ///< written so far, over all ranks
  std::uint64_t failures() const;

private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

} // namespace ionsift::store
