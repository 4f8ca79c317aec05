// SPDX-License-Identifier: BSD-3-Clause
// The records of a CSV file, read strictly (RFC 4180).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ionsift {

struct CsvRecords {
  std::vector<std::vector<std::string>> rows;
  std::string complaint; ///< problem after these rows; empty if there is none
};

/// Cells in quotes may hold separators, line ends and, doubled, quotes; in other cells, blanks at both ends
/// are not part. Lines end with LF, CR LF or CR; empty ones are skipped.
CsvRecords parse_csv_records(std::string_view text, char separator = ',');

} // namespace ionsift
