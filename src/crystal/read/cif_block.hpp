// SPDX-License-Identifier: BSD-3-Clause
// One data block of a CIF as text, independent of the parser.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ionsift::crystal {

/// Columns of some tags with equally many rows; values without their quotes.
struct CifTable {
  std::map<std::string, std::vector<std::string>, std::less<>> columns; ///< values by tag
  std::size_t rows = 0;
  long line = 0; ///< where the loop begins

  bool has(std::string_view tag) const { return columns.contains(tag); }
  /// The value, or nothing where the column is absent or the value "?" or ".".
  std::optional<std::string> value(std::string_view tag, std::size_t row) const;
};

struct OperatorList {
  std::vector<std::string> triplets;
  long line = 0;
};

/// Operators with a fourth component and more: time reversal, or the phases of modulations.
struct SpecialOperators {
  OperatorList operations;
  OperatorList centrings; ///< each is to be combined with every operation
};

/// The parts of a block that describe a crystal.
struct CifBlock {
  std::string name;
  long line = 0;
  std::map<std::string, std::string, std::less<>> values; ///< single values by tag, without "?" and "."
  std::map<std::string, long, std::less<>> lines;         ///< their lines
  CifTable atoms;
  std::vector<CifTable> more_atoms; ///< other loops of the atoms' tags, to be joined by label
  CifTable atom_types;
  std::vector<std::string> operations;
  long operations_line = 0;
  SpecialOperators magnetic;
  SpecialOperators superspace;    ///< magnetic or not
  std::vector<std::string> flaws; ///< flaws of syntax that were repaired: "line 12: ..."

  const std::string* find(std::initializer_list<std::string_view> tags) const;
};

/// An error in a part of a file that could not be parsed.
struct CifSyntaxError {
  std::string block; ///< heading of the part, empty where the whole file is meant
  std::string message;
  long line = 0;
};

struct CifDocument {
  std::vector<std::variant<CifBlock, CifSyntaxError>> blocks; ///< those with an atom site loop, in order
  std::size_t blocks_without_atoms = 0;
};

/// Parses a CIF. A syntax error invalidates only its block, and only if it concerns what
/// describes the crystal: blocks that do not follow the grammar are read again for their wanted tags and
/// loops alone, and repairs are recorded in their flaws.
/// @param first_line number of the first of these lines in the file
CifDocument parse_cif(std::string_view bytes, long first_line = 1);

} // namespace ionsift::crystal
