// SPDX-License-Identifier: BSD-3-Clause
// Counts of what the inputs hold besides entries.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ionsift::crystal {

/// Counts of what was not read, so that nothing is skipped silently.
struct SourceNotes {
  struct Kind {
    std::uint64_t count = 0;
    std::string example; ///< source of the first one
  };
  /// Files and members that are not entries, by kind: ".txt", "archive within an archive", "hard link",
  /// "table without a column of structures", "member replaced by a later one of its name" ...
  std::map<std::string, Kind> passed_over;
  /// Structures that have no id in their document or table and were numbered: "dump.json#3".
  Kind numbered;
  /// Entries and failures by the number of the input they come from; inputs without any are not in it.
  std::map<std::uint64_t, std::uint64_t> by_input;
  bool used_id_column = false; ///< SourceOptions::id_column was applied to a document or table

  void pass_over(const std::string& kind, const std::string& example);
  void found(std::uint64_t input) { ++by_input[input]; }
  /// Adds the counts of another part of the input; the first example is retained.
  void merge(const SourceNotes& other);
};

/// "2 .txt, 1 archive within an archive"; empty if nothing was skipped.
std::string in_words(const std::map<std::string, SourceNotes::Kind>& passed_over);

} // namespace ionsift::crystal
