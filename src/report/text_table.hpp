// SPDX-License-Identifier: BSD-3-Clause
// Aligned text tables.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

namespace ionsift::report {

enum class Align { left, right };

/// Collects rows of cells and prints them in columns as wide as their widest cell.
class TextTable {
public:
  TextTable(std::vector<std::string> header, std::vector<Align> alignment);
  void add(std::vector<std::string> cells);
  void print(std::ostream& out) const;

private:
  std::vector<std::vector<std::string>> rows_; ///< the header first
  std::vector<Align> alignment_;
};

/// Characters of UTF-8 text, as far as columns are concerned.
std::size_t display_width(const std::string& text);

/// A number with `decimals` digits, or `missing` for NaN.
std::string format_number(double value, int decimals, const std::string& missing);

} // namespace ionsift::report
