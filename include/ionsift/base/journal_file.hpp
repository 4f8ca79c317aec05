// SPDX-License-Identifier: BSD-3-Clause
// An append-only file of lines.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

namespace ionsift {

/// One process writes.
class JournalFile {
public:
  /// Appends after the existing lines.
  void open(const std::filesystem::path& path);
  bool is_open() const { return file_.is_open(); }
  /// The line is with the operating system when this returns. @throws Error io
  void write(const std::string& line);

private:
  std::filesystem::path path_;
  std::ofstream file_;
};

} // namespace ionsift
