// SPDX-License-Identifier: BSD-3-Clause
#include "text_table.hpp"

#include "ionsift/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <ostream>
#include <utility>

namespace ionsift::report {

std::size_t display_width(const std::string& text) {
  // Bytes 10xxxxxx continue a character.
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string format_number(double value, int decimals, const std::string& missing) {
  return std::isnan(value) ? missing : fmt::format("{:.{}f}", value, decimals);
}

TextTable::TextTable(std::vector<std::string> header, std::vector<Align> alignment)
    : alignment_(std::move(alignment)) {
  add(std::move(header));
}

void TextTable::add(std::vector<std::string> cells) {
  IONSIFT_VALIDATE(
      cells.size() == alignment_.size(), internal,
      fmt::format("a row of {} cells was added to a table of {} columns", cells.size(), alignment_.size()),
      "rows are as long as the header", "Report this.");
  rows_.push_back(std::move(cells));
}

void TextTable::print(std::ostream& out) const {
  std::vector<std::size_t> width(alignment_.size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      width[c] = std::max(width[c], display_width(row[c]));
    }
  }
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string padding(width[c] - display_width(row[c]), ' ');
      line += c == 0 ? "" : "  ";
      line += alignment_[c] == Align::left ? row[c] + padding : padding + row[c];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  }
}

} // namespace ionsift::report
