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
  /// Shortens texts that stand left, the widest first and the ends of them ("Li10Sn0.5Ge0.…"), until lines
  /// are no wider than that, or texts no longer than `shortest`.
  void fit(std::size_t width, std::size_t shortest = 8);
  void print(std::ostream& out) const;

private:
  std::vector<std::size_t> widths() const; ///< [columns]

  std::vector<std::vector<std::string>> rows_; ///< the header first
  std::vector<Align> alignment_;
};

/// Characters of UTF-8 text, as far as columns are concerned.
std::size_t display_width(const std::string& text);

/// Lines of tables at the terminal, unless wider ones are requested.
inline constexpr std::size_t terminal_width = 80;

/// A number with `decimals` digits, or `missing` for NaN.
std::string format_number(double value, int decimals, const std::string& missing);

} // namespace ionsift::report
