// SPDX-License-Identifier: BSD-3-Clause
// Logs of all ranks of a run, and of the runs before it that were killed.
#pragma once

#include "ionsift/base/append_log.hpp"
#include "ionsift/parallel/communicator.hpp"

#include <compare>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ionsift::parallel {

/// How to treat a log that was found.
enum class LogUse {
  use,
  skip,     ///< only this file is ignored
  drop_all, ///< it belongs to other work: the folder is removed
};

/// A folder in which each rank of each run has a log (append_log.hpp) of its own, "attempt-A.rank-R", so that
/// nothing is ever written into a file that others read. Whatever number of ranks comes next finds all
/// records. No folder is made before something is flushed.
class LogFolder {
public:
  /// A record that an earlier run left.
  struct Record {
    std::uint64_t key = 0;
    std::uint64_t file = 0; ///< position in the list of files
    std::uint64_t offset = 0, length = 0;
    friend auto operator<=>(const Record&, const Record&) = default;
  };
  /// Decides on a file by its header, which is empty if damaged or written by another version of the
  /// program. Every rank throws what it throws.
  using Judge = std::function<LogUse(const std::filesystem::path& file, const std::optional<std::string>&)>;

  /// Scans the files that are there, each rank its share; collective.
  /// @param header of the files of this run
  LogFolder(const Communicator& comm, std::filesystem::path folder, std::string header, const Judge& judge);

  const std::filesystem::path& folder() const { return folder_; }
  /// Records found by this rank. Every rank may read any record.
  const std::vector<Record>& found() const { return found_; }
  /// Nothing, and a warning, where the record is damaged. @throws Error io
  std::optional<std::string> read(const Record& record);
  /// `length` bytes of a file that was there, unchecked. @throws Error io
  std::string read(std::uint64_t file, std::uint64_t offset, std::size_t length);

  /// This rank's own log; flush it by the function below, which makes the folder.
  AppendLog& own() { return own_; }
  /// Hands what was added to the operating system. @throws Error io
  void flush();
  /// Closes the files and removes the folder; collective.
  void remove();

private:
  const RandomFile& open(std::uint64_t file);

  Communicator comm_;
  std::filesystem::path folder_;
  std::vector<std::string> files_;
  std::vector<std::optional<RandomFile>> opened_; ///< [files]
  std::vector<Record> found_;
  AppendLog own_;
};

} // namespace ionsift::parallel
