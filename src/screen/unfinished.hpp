// SPDX-License-Identifier: BSD-3-Clause
// Saved predictions of an unfinished screening.
#pragma once

#include "ionsift/parallel/log_folder.hpp"
#include "ionsift/screen/candidate.hpp"

#include "previous.hpp"

#include <filesystem>
#include <vector>

namespace ionsift::screen {

/// The folder PREDICTIONS.partial.d (parallel/log_folder.hpp): each rank appends the predictions of every
/// chunk that it has finished. An HDF5 file that was open for writing when its run was killed cannot be
/// trusted; of these files whole records can. Whatever number of ranks comes next reads them, chunk by chunk,
/// so that the same chunks are predicted and the result is the same to the last digit. Memory is 32 bytes for
/// each chunk that was left.
class UnfinishedRows {
public:
  /// Looks through what an interrupted run left, and drops what was predicted with other keys; collective.
  UnfinishedRows(const parallel::Communicator& comm, std::filesystem::path folder, PredictionKeys keys);

  /// Fills the predictions of a whole chunk, whose ids and contents are set; false where they were not left.
  bool copy(std::vector<Candidate>& rows);
  /// Hands the predictions of a whole chunk to the operating system. @throws Error io
  void keep(const std::vector<Candidate>& rows);
  /// Removes the folder once the screening is whole; collective.
  void remove() { logs_.remove(); }
  const std::filesystem::path& folder() const { return logs_.folder(); }

private:
  PredictionKeys keys_;
  parallel::LogFolder logs_;
  std::vector<parallel::LogFolder::Record> chunks_; ///< by first row, which is the key
};

} // namespace ionsift::screen
