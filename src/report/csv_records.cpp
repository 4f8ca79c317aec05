// SPDX-License-Identifier: BSD-3-Clause
#include "csv_records.hpp"

#include <algorithm>

namespace ionsift::report {

std::optional<std::string> CsvRecords::next() {
  std::string record;
  if (!std::getline(in_, record)) {
    return std::nullopt;
  }
  bool is_quoted = std::ranges::count(record, '"') % 2 != 0;
  for (std::string line; is_quoted && std::getline(in_, line);) {
    is_quoted = std::ranges::count(line, '"') % 2 == 0;
    record += '\n' + line;
  }
  return record;
}

} // namespace ionsift::report
