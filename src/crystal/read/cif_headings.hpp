// SPDX-License-Identifier: BSD-3-Clause
// A scanner for the headings of a CIF's data blocks.
#pragma once

#include "ionsift/base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace ionsift::crystal {

struct CifHeading {
  std::uint64_t offset = 0; ///< offset of "data_" in the text
  long line = 0;            ///< line in the file
};

/// Looks for lines that begin with "data_", in a text that comes in pieces of whole lines.
class HeadingScanner {
public:
  /// @param mind_fields ignore text fields, whose lines may begin with "data_"
  explicit HeadingScanner(long first_line, bool mind_fields = true)
      : line_(first_line), mind_fields_(mind_fields) {}

  /// Calls `found` with each heading.
  template <typename Found>
  void scan(std::string_view lines, const Found& found) {
    for (std::size_t position = 0; position < lines.size(); ++line_) {
      const std::size_t end = std::min(lines.find('\n', position), lines.size());
      const std::string_view line = lines.substr(position, end - position);
      in_field_ = mind_fields_ && line.starts_with(';') ? !in_field_ : in_field_;
      const auto first = in_field_ ? std::string_view::npos : line.find_first_not_of(" \t");
      if (first != std::string_view::npos && (line[first] == 'd' || line[first] == 'D') &&
          equal_ignoring_case(line.substr(first, 5), "data_")) {
        found(CifHeading{offset_ + position + first, line_});
      }
      position = end + 1;
    }
    offset_ += lines.size();
  }

  /// Whether a text field is still open at the end of the text.
  bool in_field() const { return in_field_; }

private:
  std::uint64_t offset_ = 0;
  long line_;
  bool mind_fields_, in_field_ = false;
};

/// Whether a text declares the syntax of CIF 2.
inline bool is_cif2(std::string_view text) {
  return text.starts_with("#\\#CIF_2");
}

} // namespace ionsift::crystal
