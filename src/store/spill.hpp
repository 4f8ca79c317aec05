// Finished records of a run that may yet be interrupted.
#pragma once

#include "ionsift/parallel/communicator.hpp"
#include "ionsift/store/schema.hpp"

#include "bytes.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ionsift::store {

/// The folder STORE.partial.d: each rank appends the records that it computed, entry by entry, to a file of
/// its own, with length and checksum. An HDF5 file that was open for writing when its run was killed cannot
/// be trusted; of these files, whole records can, and what is torn at the end is passed over. Whatever number
/// of ranks comes next reads them all. There is no folder before the first batch is done, so that short runs
/// write everything once.
class Spill {
public:
  /// Records of one entry.
  struct Place {
    std::uint64_t key = 0;
    std::uint64_t file = 0; ///< position in the list of files
    std::uint64_t offset = 0, length = 0;
  };
  struct Records {
    std::vector<StructureRecord> structures;
    std::vector<FailureRecord> failures;
  };

  /// Looks through what an interrupted run left; collective.
  /// @param options of this run: "NAME=VALUE"
  /// @param discard what was left with other options, instead of refusing it
  /// @throws Error conflict, on all ranks, for files of a run with other options
  Spill(const parallel::Communicator& comm, std::filesystem::path folder, std::vector<std::string> options,
        bool discard);

  std::uint64_t size() const { return places_.size(); } ///< entries that were left, over all ranks
  std::optional<Place> find(std::uint64_t key) const;
  /// Nothing when they can no longer be read. Fast in the order of places.
  std::optional<Records> read(const Place& place);

  /// These concern this rank alone.
  void add(std::uint64_t key, std::span<const StructureRecord> structures,
           std::span<const FailureRecord> failures);
  /// Hands what was added to the operating system. @throws Error io
  void flush();
  /// Forgets what was added, since the run is about to end.
  void drop() { added_.take(); }

  /// Removes the folder once the store is whole; collective.
  void remove();

private:
  void scan(std::uint64_t file, std::vector<Place>& places) const;
  std::filesystem::path path_of(std::uint64_t file) const;

  parallel::Communicator comm_;
  std::filesystem::path folder_;
  std::vector<std::string> options_;
  std::vector<std::string> files_; ///< those that were there
  std::vector<Place> places_;      ///< by key
  std::uint64_t attempt_ = 0;
  int descriptor_ = -1;
  ByteWriter added_;
  std::uint64_t open_file_ = 0; ///< position + 1 of the file in `bytes_`
  std::string bytes_;
};

} // namespace ionsift::store
