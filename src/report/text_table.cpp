// SPDX-License-Identifier: BSD-3-Clause
#include "text_table.hpp"

#include "ionsift/base/assertion.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <ostream>
#include <utility>

namespace ionsift::report {

namespace {

constexpr std::size_t gap = 2; // between columns

/// The first characters of a text that is wider than that, and the sign of what is left out.
std::string shortened(const std::string& text, std::size_t width) {
  if (display_width(text) <= width || width == 0) {
    return text;
  }
  std::string begin;
  std::size_t characters = 0;
  for (const char c : text) {
    characters += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    if (characters == width) {
      break;
    }
    begin += c;
  }
  return begin + "…";
}

} // namespace

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
  IONSIFT_ASSERT(
      cells.size() == alignment_.size(),
      fmt::format("a row of {} cells was added to a table of {} columns", cells.size(), alignment_.size()));
  rows_.push_back(std::move(cells));
}

std::vector<std::size_t> TextTable::widths() const {
  std::vector<std::size_t> width(alignment_.size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      width[c] = std::max(width[c], display_width(row[c]));
    }
  }
  return width;
}

void TextTable::fit(std::size_t width, std::size_t shortest) {
  auto widest = widths();
  auto line = std::accumulate(widest.begin(), widest.end(), std::size_t{0}) + gap * (widest.size() - 1);
  while (line > width) {
    std::size_t longest = widest.size();
    for (std::size_t c = 0; c < widest.size(); ++c) {
      const auto header = display_width(rows_.front()[c]);
      if (alignment_[c] == Align::left && widest[c] > std::max(shortest, header) &&
          (longest == widest.size() || widest[c] > widest[longest])) {
        longest = c;
      }
    }
    if (longest == widest.size()) {
      break;
    }
    --widest[longest];
    --line;
  }
  for (auto& row : rows_) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      row[c] = alignment_[c] == Align::left ? shortened(row[c], widest[c]) : row[c];
    }
  }
}

void TextTable::print(std::ostream& out) const {
  const auto width = widths();
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string padding(width[c] - display_width(row[c]), ' ');
      line += std::string(c == 0 ? 0 : gap, ' ');
      line += alignment_[c] == Align::left ? row[c] + padding : padding + row[c];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  }
}

} // namespace ionsift::report
