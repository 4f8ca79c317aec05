// SPDX-License-Identifier: BSD-3-Clause
// Packing of a release into one archive that many readers can read in parallel.
#pragma once

#include "ionsift/crystal/source/source.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace ionsift::crystal {

/// Summary of a packed archive.
struct PackSummary {
  std::uint64_t entries = 0;
  std::vector<Failure> failures; ///< records and files without a structure; they are not in the archive
  SourceNotes notes;             ///< what the inputs hold besides entries
  double seconds_in = 0;         ///< time of reading the inputs
  double seconds_back = 0;       ///< time of reading the archive back and comparing it
  std::uint64_t other_ids = 0;   ///< entries whose id in the archive differs from the one in the inputs
  std::string other_id;          ///< the first such id, as the archive gives it
};

/// Writes every entry of the inputs into a zip (deflated) or a tar, by the ending of its name, and reads the
/// archive back: it must give the same bytes in the same order. Each structure of a document or table
/// becomes a member of its own, "dump.json/mp-1.json". The same inputs give the same bytes.
/// @param archive path of the archive, written under a temporary name and renamed
/// @param progress is called with the number of finished entries
/// @throws Error usage for any other ending; missing, io; data if it does not read back as written
PackSummary pack(const std::vector<std::filesystem::path>& inputs, const SourceOptions& options,
                 const std::filesystem::path& archive, const std::function<void(std::uint64_t)>& progress);

} // namespace ionsift::crystal
