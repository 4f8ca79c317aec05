// SPDX-License-Identifier: BSD-3-Clause
// Tables in CSV (RFC 4180) and as spreadsheets write them, with columns found by name.
#pragma once

#include "ionsift/base/encoding.hpp"

#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace ionsift {

/// A CSV file in memory: a header and rows of equally many cells.
///
/// Encodings are those of decode_text. Cells are separated by commas, semicolons or tabs: given by a first
/// line "sep=;", else by the character that the header holds outside quotes and that gives every row as
/// many cells as the header. Anything but UTF-8 with commas is reported in the log.
class CsvTable {
public:
  /// @throws Error missing (no file), format (ragged row, named with its line number)
  static CsvTable read(const std::filesystem::path& path);
  static CsvTable parse(std::string_view text, const std::string& name);

  const std::string& name() const { return name_; }
  char separator() const { return separator_; }
  Encoding encoding() const { return encoding_; }
  const std::vector<std::string>& header() const { return header_; }
  std::size_t size() const { return rows_.size(); }
  bool has(std::string_view column) const;
  /// Index of a column. @throws Error missing, with the nearest name that exists
  std::size_t column(std::string_view column) const;
  const std::string& cell(std::size_t row, std::size_t column) const { return rows_[row][column]; }
  const std::vector<std::string>& row(std::size_t row) const { return rows_[row]; }

private:
  std::string name_;
  char separator_ = ',';
  Encoding encoding_ = Encoding::utf8;
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

/// Writes one record, quoting what needs it.
void write_csv_row(std::ostream& out, const std::vector<std::string>& cells);

} // namespace ionsift
