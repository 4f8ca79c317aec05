// SPDX-License-Identifier: BSD-3-Clause
// Saved predictions of an unfinished screening.
#pragma once

#include "ionsift/parallel/communicator.hpp"
#include "ionsift/screen/candidate.hpp"

#include "previous.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace ionsift::screen {

/// The folder PREDICTIONS.partial.d: each rank appends the predictions of every chunk that it has finished,
/// as one line with a checksum, to a file of its own. An HDF5 file that was open for writing when its run was
/// killed cannot be trusted; of these files whole lines can. Whatever number of ranks comes next reads them,
/// chunk by chunk, so that the same chunks are predicted and the result is the same to the last digit. Memory
/// is 40 bytes for each chunk that was left.
class UnfinishedRows {
public:
  /// Looks through what an interrupted run left, and drops what was predicted with other keys; collective.
  UnfinishedRows(const parallel::Communicator& comm, std::filesystem::path folder, PredictionKeys keys);

  /// Fills the predictions of a whole chunk, whose ids and contents are set; false where they were not left.
  bool copy(std::vector<Candidate>& rows) const;
  /// Hands the predictions of a whole chunk to the operating system. @throws Error io
  void keep(const std::vector<Candidate>& rows);
  /// Removes the folder once the screening is whole; for rank 0, when all are done.
  void remove();
  const std::filesystem::path& folder() const { return folder_; }

private:
  /// One line of a file.
  struct Place {
    std::uint64_t first = 0, count = 0; ///< rows
    std::uint64_t file = 0;             ///< position in the list of files
    std::uint64_t offset = 0, length = 0;
  };
  /// @return whether the file belongs to these predictions
  bool scan(std::uint64_t file, std::vector<Place>& places) const;

  std::filesystem::path folder_;
  PredictionKeys keys_;
  std::vector<std::string> files_; ///< those that were there
  std::vector<Place> places_;      ///< places by first row
  std::filesystem::path own_;      ///< this rank's file
  std::ofstream out_;
};

} // namespace ionsift::screen
