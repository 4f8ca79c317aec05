// SPDX-License-Identifier: BSD-3-Clause
// Tables as one workbook (xlsx), for spreadsheets.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ionsift::report {

/// One sheet of a workbook: a CSV table as write_csv_row writes it (UTF-8, commas, one header line).
struct Sheet {
  std::string name; ///< at most 31 characters
  std::filesystem::path table;
};

/// Rows that a sheet can hold (Excel's own limit), the header included.
inline constexpr std::uint64_t most_sheet_rows = 1'048'576;

/// Whether this program was built with libxlsxwriter.
bool can_write_workbooks();

/// Writes a workbook of these tables, with numbers as numbers, a header that stays in sight and a filter on
/// every column. Cells of ids, formulas and text stay text, whatever they look like. Reads and writes row by
/// row, so that memory does not grow with the tables. The same tables give the same bytes.
/// @param most rows of a sheet, the header included; more are left out
/// @return rows that were left out, of each sheet
/// @throws Error usage without libxlsxwriter, io
std::vector<std::uint64_t> write_workbook(const std::filesystem::path& path, const std::vector<Sheet>& sheets,
                                          std::uint64_t most = most_sheet_rows);

} // namespace ionsift::report
