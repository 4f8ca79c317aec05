// SPDX-License-Identifier: BSD-3-Clause
// Numbers as people write them in tables: with uncertainties, bounds, decimal commas and units.
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
  double uncertainty = std::numeric_limits<double>::quiet_NaN(); ///< NaN where none is written
  Kind kind = Kind::value;
  bool approximate = false; ///< "~", "ca."
  std::string unit;         ///< whatever follows the number; empty where nothing does
};

/// What a cell holds: a number, nothing that is known, or something else, of which `complaint` speaks.
struct NumberCell {
  std::optional<WrittenNumber> number;
  std::string complaint;

  bool is_unknown() const { return !number && complaint.empty(); }
};

/// Whether a text stands for an unknown value: nothing, "-", "?", "N/A", "nan", "none", "unknown", "n.d.",
/// ...
bool is_placeholder(std::string_view text);
/// The same for formulas, of which "Na" and "Nd" are some, and "0" is none.
bool is_placeholder_formula(std::string_view text);

/// Which sign the numbers of a column have before their decimals.
enum class DecimalMark {
  point,   ///< "1,300" is 1300
  comma,   ///< "1,300" is 1.3, and "1.300" may be either
  either,  ///< both signs stand before decimals
  unclear, ///< "1.300" is 1.3, and "1,300" may be either
};

/// Reads one number. Those like "1,3" or "1,234.5" can be read one way only; of the others `mark` decides,
/// and what may be either is a complaint.
NumberCell read_number(std::string_view text, DecimalMark mark = DecimalMark::unclear);

/// A column of numbers, whose decimal mark is told by those of its cells that can be read one way only; where
/// none can, commas are decimal in tables that are separated by something else.
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

/// Cells of a table that cannot be used, gathered so that one message names them all.
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
