// SPDX-License-Identifier: BSD-3-Clause
// The one rule by which a command replaces a table.
#pragma once

#include "ionsift/base/run_record.hpp"

#include <filesystem>

namespace ionsift::cli {

/// A table that a command writes. One that is there is replaced without a question only when it is as a run
/// left it: its SHA-256 is the one in the run.json beside it. A table that was changed or written otherwise
/// is replaced with --overwrite alone.
class OutputTable {
public:
  /// Of the option --overwrite, which every command with such a table has.
  static constexpr const char* overwrite_help =
      "replace a table that is there and was changed since it was written";

  /// @throws Error conflict when the table is there and may not be replaced
  OutputTable(std::filesystem::path table, const std::filesystem::path& run_json, bool overwrite);

  void make_folder() const;
  /// Keeps the SHA-256 of what was written, for the next run.
  void note_written(RunRecord& record) const;

private:
  std::filesystem::path table_;
};

} // namespace ionsift::cli
