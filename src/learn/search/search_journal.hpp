// SPDX-License-Identifier: BSD-3-Clause
// The write-ahead journal of a search.
#pragma once

#include "ionsift/base/journal_file.hpp"
#include "ionsift/learn/search/search.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <vector>

namespace ionsift::learn {

/// Lines of JSON, the first of which identifies the search. Not collective; one process writes.
class Search::Journal {
public:
  /// Opens or makes the file. A last line without its end is cut off.
  /// A header with more trials extends the search of the file.
  /// @throws Error conflict when the first line is not `header`, or is for more trials; format for a line
  /// that is not JSON; io
  Journal(const std::filesystem::path& path, const nlohmann::json& header);

  /// The lines of trainings, as they were found.
  const std::vector<nlohmann::json>& found() const { return found_; }
  /// The line is with the operating system when this returns. @throws Error io
  void append(const nlohmann::json& line);

private:
  std::vector<nlohmann::json> found_;
  JournalFile file_;
};

} // namespace ionsift::learn
