// SPDX-License-Identifier: BSD-3-Clause
// A journal of finished work, from which a killed run resumes.
#pragma once

#include "ionsift/base/journal_file.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace ionsift {

/// Results by number, as lines of JSON in a folder: one file for each rank, whose first line identifies the
/// input it belongs to. Lines are only ever appended; one that a killed run left half written is skipped.
class WorkJournal {
public:
  /// The owner of a journal.
  struct Owner {
    std::string format;  ///< "ionsift cross-validation journal"
    std::string input;   ///< everything that the results depend on, as 64 hexadecimal digits
    std::string differs; ///< for the message about another input: "structures, seed or program version"
  };

  /// The results in all ranks' files, by the training's number. A training has several where its result was
  /// found damaged and it was repeated; the caller decides which one is valid. Not collective; for
  /// rank 0.
  /// @throws Error conflict for a journal of another input, naming the folder
  static std::map<std::uint64_t, std::vector<std::string>> read(const std::filesystem::path& folder,
                                                                const Owner& owner);

  /// Opens this rank's file, which is created with its first line. @throws Error io
  WorkJournal(const std::filesystem::path& folder, const Owner& owner, int rank);
  /// @throws Error io
  void append(std::uint64_t number, const std::string& json);

private:
  JournalFile file_;
};

} // namespace ionsift
