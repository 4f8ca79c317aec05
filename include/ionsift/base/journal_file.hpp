// SPDX-License-Identifier: BSD-3-Clause
// A file of lines that is only appended to.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

namespace ionsift {

/// One process writes.
class JournalFile {
public:
  /// Goes on behind what is there.
  void open(const std::filesystem::path& path);
  bool is_open() const { return file_.is_open(); }
  /// The line is with the operating system when this returns. @throws Error io
  void write(const std::string& line);

private:
  std::filesystem::path path_;
  std::ofstream file_;
};

} // namespace ionsift
