// SPDX-License-Identifier: BSD-3-Clause
// A release as one archive that many readers can read at once.
#pragma once

#include "ionsift/crystal/source/source.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace ionsift::crystal {

/// What was packed, and what was not.
struct PackSummary {
  std::uint64_t entries = 0;
  std::vector<Failure> failures; ///< records and files that hold no structure; they are not in the archive
  SourceNotes notes;             ///< what the inputs hold besides entries
  double seconds_in = 0;         ///< reading the inputs
  double seconds_back = 0;       ///< reading the archive, which is compared with them
  std::uint64_t other_ids = 0;   ///< entries that get another id from the archive than from the inputs
  std::string other_id;          ///< the first such id, as the archive gives it
};

/// Writes every entry of the inputs into a zip (deflated) or a tar, by the ending of its name, and reads the
/// archive again: it must give the same bytes in the same order. Each structure of a document or table
/// becomes a member of its own, "dump.json/mp-1.json". The same inputs give the same bytes.
/// @param archive written beside and renamed
/// @param progress gets the entries that are done
/// @throws Error usage for another ending; missing, io; data where it is not read back as it was written
PackSummary pack(const std::vector<std::filesystem::path>& inputs, const SourceOptions& options,
                 const std::filesystem::path& archive, const std::function<void(std::uint64_t)>& progress);

} // namespace ionsift::crystal
