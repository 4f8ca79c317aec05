// Tables in CSV (RFC 4180), with columns found by name.
#pragma once

#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace ionsift {

/// A CSV file in memory: a header and rows of equally many cells.
class CsvTable {
public:
  /// @throws Error missing (no file), format (ragged row, named with its line number)
  static CsvTable read(const std::filesystem::path& path);
  static CsvTable parse(std::string_view text, const std::string& name);

  const std::string& name() const { return name_; }
  const std::vector<std::string>& header() const { return header_; }
  std::size_t size() const { return rows_.size(); }
  bool has(std::string_view column) const;
  /// Index of a column. @throws Error missing, with the nearest name that exists
  std::size_t column(std::string_view column) const;
  const std::string& cell(std::size_t row, std::size_t column) const { return rows_[row][column]; }
  const std::vector<std::string>& row(std::size_t row) const { return rows_[row]; }

private:
  std::string name_;
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

/// Writes one record, quoting what needs it.
void write_csv_row(std::ostream& out, const std::vector<std::string>& cells);

} // namespace ionsift
