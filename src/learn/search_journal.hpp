// The file in which a search notes everything before it acts on it.
#pragma once

#include "ionsift/base/journal_file.hpp"
#include "ionsift/learn/search.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <vector>

namespace ionsift::learn {

/// Lines of JSON, the first of which says what search they belong to. Not collective; one process writes.
class Search::Journal {
public:
  /// Opens or makes the file. A last line without its end is cut off.
  /// @throws Error conflict when the first line is not `header`, format for a line that is no JSON, io
  Journal(const std::filesystem::path& path, const nlohmann::json& header);

  /// The lines after the first, as they were found.
  const std::vector<nlohmann::json>& found() const { return found_; }
  /// The line is with the operating system when this returns. @throws Error io
  void append(const nlohmann::json& line);

private:
  std::vector<nlohmann::json> found_;
  JournalFile file_;
};

} // namespace ionsift::learn
