// SPDX-License-Identifier: BSD-3-Clause
// Files that are only appended to, whose records survive a kill.
#pragma once

#include "ionsift/base/mapped_file.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ionsift {

/// Where the content of a record lies in its file.
struct LogPlace {
  std::uint64_t key = 0;
  std::uint64_t offset = 0, length = 0;
  std::uint64_t end() const { return offset + length + 2; } ///< first byte behind the record
};

/// The records of a log. Each is ["FRAME",CONTENT] and a line feed. FRAME has four hexadecimal numbers: the
/// length of the content, its key (chosen by the caller), the checksum of the content (XXH3), and that of the
/// three numbers before. If contents are JSON, each line of the file is JSON. The first record is the header,
/// which identifies the owner of the log.
///
/// Records are read up to the first invalid frame: bytes behind it were being written when a run was killed,
/// or are damaged, and are never used.
struct LogContents {
  bool begun = false;                ///< false: the run was killed before it wrote a header
  std::optional<std::string> header; ///< none: damaged, or written by another version
  std::vector<LogPlace> places;      ///< places of the header and of the records, in order
};
/// Reads frames and the header. @throws Error io
LogContents scan_log(const RandomFile& file);

/// The content of a record; nothing where it is damaged. @throws Error io
std::optional<std::string> read_log(const RandomFile& file, const LogPlace& place);

/// Appends to a log. One process writes.
class AppendLog {
public:
  /// Makes the file with the first flush, or replaces one that is there.
  AppendLog(std::filesystem::path path, std::string header);
  /// Continues a file behind `end`, and removes what follows it. @throws Error io
  AppendLog(std::filesystem::path path, std::uint64_t end);

  /// Costs no input or output.
  LogPlace add(std::uint64_t key, std::string_view content);
  std::size_t unflushed() const { return added_.size(); } ///< bytes
  /// Hands the header and what was added to the operating system. @throws Error io
  void flush();
  /// `length` bytes of a content, wherever they are. @throws Error io
  std::string read(std::uint64_t offset, std::size_t length);
  /// Closes the file; nothing is added after this.
  void close();

private:
  void open(int flags);
  void put(std::uint64_t key, std::string_view content);

  std::filesystem::path path_;
  std::string header_; ///< the first record
  std::shared_ptr<const int> descriptor_;
  std::optional<RandomFile> reader_;
  std::uint64_t flushed_ = 0; ///< bytes in the file
  std::string added_;
};

/// Removes a folder of logs. Logs a warning if that fails.
void remove_logs(const std::filesystem::path& folder);

} // namespace ionsift
