// SPDX-License-Identifier: BSD-3-Clause
// The records of a CSV file one after the other, for tables that are not held in memory.
#pragma once

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

namespace ionsift::report {

class CsvRecords {
public:
  explicit CsvRecords(const std::filesystem::path& path) : in_(path, std::ios::binary) {}
  bool is_open() const { return in_.is_open(); }
  /// The text of the next record without its line end; line ends inside quotes belong to it. At the end of a
  /// file that does not close its quotes, what is left.
  std::optional<std::string> next();

private:
  std::ifstream in_;
};

} // namespace ionsift::report
