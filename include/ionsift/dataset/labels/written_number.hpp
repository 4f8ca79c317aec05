// SPDX-License-Identifier: BSD-3-Clause
// Numbers as written in tables: with uncertainties, bounds, decimal commas and units.
#pragma once

#include "ionsift/base/csv.hpp"

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ionsift::dataset {

/// "1.3E-3", "1,3e-3", "1.2(3)e-4", "(1.2 +- 0.3) x 10^-4", "<1e-10", "~2e-5", "1.3 mS/cm".
struct WrittenNumber {
  enum class Kind { value, upper_bound, lower_bound };

  double value = 0;
  double uncertainty = std::numeric_limits<double>::quiet_NaN(); ///< NaN if none is written
  Kind kind = Kind::value;
  bool approximate = false; ///< "~", "ca."
  std::string unit;         ///< text after the number; empty if there is none
};

/// The content of a cell: a number, an unknown value, or something else, described by `complaint`.
struct NumberCell {
  std::optional<WrittenNumber> number;
  std::string complaint;

  bool is_unknown() const { return !number && complaint.empty(); }
};

/// Whether a text means an unknown value: nothing, "-", "?", "N/A", "nan", "none", "unknown", "n.d.",
/// ...
bool is_placeholder(std::string_view text);
/// The same for formulas: "Na" and "Nd" are formulas, "0" is not.
bool is_placeholder_formula(std::string_view text);

/// The decimal mark of a column's numbers.
enum class DecimalMark {
  point,   ///< "1,300" is 1300
  comma,   ///< "1,300" is 1.3, and "1.300" may be either
  either,  ///< both marks occur before decimals
  unclear, ///< "1.300" is 1.3, and "1,300" may be either
};

/// Reads one number. Those like "1,3" or "1,234.5" are unambiguous; for the others `mark` decides,
/// and ambiguous ones give a complaint.
NumberCell read_number(std::string_view text, DecimalMark mark = DecimalMark::unclear);

/// A column of numbers, whose decimal mark follows from its unambiguous cells; if
/// there are none, commas are decimal in tables with another separator.
class NumberColumn {
public:
  NumberColumn(const CsvTable& table, std::size_t column);

  std::size_t index() const { return column_; }
  DecimalMark mark() const { return mark_; }
  NumberCell read(std::size_t row) const;

private:
  const CsvTable* table_;
  std::size_t column_;
  DecimalMark mark_ = DecimalMark::unclear;
};

/// Unusable cells of a table, collected so that one message lists them all.
class BadCells {
public:
  /// @param row of the table; the message counts the header as row 1
  void add(std::size_t row, std::string_view id, std::string_view text, std::string_view complaint);
  std::size_t size() const { return cells_.size(); }
  /// @param what   the cells should hold: "conductivities"
  /// @throws Error data naming them all, or the first hundred
  void require_none(const std::string& table, std::string_view what, std::string_view suggestion) const;

private:
  std::vector<std::string> cells_;
};

} // namespace ionsift::dataset
