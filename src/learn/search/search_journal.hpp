// SPDX-License-Identifier: BSD-3-Clause
// The write-ahead journal of a search.
#pragma once

#include "ionsift/base/append_log.hpp"
#include "ionsift/learn/search/search.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <optional>
#include <vector>

namespace ionsift::learn {

/// A log (base/append_log.hpp) of JSON. Not collective; one process writes.
class Search::Journal {
public:
  /// Opens the file, or makes it with the first record. Each record follows from those before: what is not
  /// whole is removed, with all that follows it. A header with more trials extends the search of the file.
  /// @throws Error conflict when the file has another header, or is for more trials; io
  Journal(const std::filesystem::path& path, const nlohmann::json& header);

  /// The records of trainings, as they were found.
  const std::vector<nlohmann::json>& found() const { return found_; }
  /// The record is with the operating system when this returns. @throws Error io
  void append(const nlohmann::json& record);

private:
  /// @return the trials that the file is for
  int resume(const std::filesystem::path& path, const nlohmann::json& header);

  std::vector<nlohmann::json> found_;
  std::optional<AppendLog> log_;
};

} // namespace ionsift::learn
