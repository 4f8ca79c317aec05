// SPDX-License-Identifier: BSD-3-Clause
#include "xyz.hpp"

#include "ionsift/crystal/chemistry/element.hpp"

#include "chemistry/species_symbol.hpp"
#include "entry_kind.hpp"
#include "json_record.hpp"
#include "raw_structure.hpp"
#include "text_lines.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <map>

namespace ionsift::crystal {

namespace {

using Fields = std::map<std::string, std::string, std::less<>>;

/// "key=value key="a b" flag" by key in lower case; values in quotes, braces or brackets may hold blanks.
Fields fields_of(std::string_view comment) {
  Fields fields;
  for (std::size_t at = 0; at < comment.size();) {
    const std::size_t equals = comment.find('=', at);
    if (equals == std::string_view::npos) {
      break;
    }
    const std::string_view before = comment.substr(at, equals - at);
    const std::size_t blank = trim(before).empty()
                                  ? std::string_view::npos
                                  : before.substr(0, before.find_last_not_of(" \t") + 1).find_last_of(" \t");
    const std::string_view key = trim(blank == std::string_view::npos ? before : before.substr(blank));
    std::size_t begin = std::min(comment.find_first_not_of(" \t", equals + 1), comment.size());
    const char opening = begin < comment.size() ? comment[begin] : ' ';
    const char closing = opening == '{' ? '}' : opening == '[' ? ']' : opening;
    const bool enclosed = std::string_view("\"'{[").find(opening) != std::string_view::npos;
    begin += enclosed ? 1 : 0;
    const std::size_t end = std::min(
        enclosed ? comment.find(closing, begin) : comment.find_first_of(" \t", begin), comment.size());
    fields.emplace(to_lower(key), std::string(comment.substr(begin, end - begin)));
    at = end + (enclosed ? 1 : 0);
  }
  return fields;
}

const std::string* find(const Fields& fields, std::string_view key) {
  const auto found = fields.find(key);
  return found == fields.end() ? nullptr : &found->second;
}

/// Columns of the element and the position in the line of an atom.
struct Columns {
  std::size_t species = 0;
  std::size_t position = 1;
  bool by_number = false; ///< whether elements are given by their atomic numbers
};

[[noreturn]] void fail(ErrorCode code, const std::string& problem, const std::string& why, long line) {
  throw ReadError(Error(code, problem, why, "Write the file with ASE's format \"extxyz\"."), line);
}

/// Parses "species:S:1:pos:R:3:forces:R:3".
Columns columns_of(const std::string& properties, long line) {
  const auto parts = split(properties, ':');
  std::optional<std::size_t> species;
  std::optional<std::size_t> position;
  Columns columns;
  std::size_t column = 0;
  for (std::size_t i = 0; i + 2 < parts.size(); i += 3) {
    const std::string name = to_lower(parts[i]);
    const auto width = parse_integer(parts[i + 2]);
    if (!width || *width < 1 || *width > 1000) {
      fail(ErrorCode::format, fmt::format("Properties is '{}'", properties),
           "it lists names, kinds and widths", line);
    }
    const bool by_number = name == "z" || name == "numbers";
    if (name == "species" || name == "element" || name == "symbols" || (by_number && !species)) {
      species = column;
      columns.by_number = by_number;
    } else if (name == "pos" || name == "positions") {
      position = column;
    }
    column += static_cast<std::size_t>(*width);
  }
  if (!species || !position) {
    fail(ErrorCode::missing, "the atoms have no elements or positions",
         fmt::format("Properties is '{}'", properties), line);
  }
  columns.species = *species;
  columns.position = *position;
  return columns;
}

void read_lattice(RawStructure& raw, const Fields& fields, long line) {
  const std::string* lattice = find(fields, "lattice");
  if (lattice == nullptr) {
    fail(ErrorCode::missing, "the structure has no cell",
         "the second line of plain XYZ has no Lattice=\"...\"", line);
  }
  const auto words = words_of(*lattice);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto vector = vector_in(words, 3 * i);
    if (!vector || words.size() != 9) {
      fail(ErrorCode::format, fmt::format("Lattice is '{}'", *lattice), "nine numbers are expected", line);
    }
    raw.lattice.row(static_cast<int>(i)) = vector->transpose();
  }
  if (const std::string* periodic = find(fields, "pbc")) {
    const auto flags = to_lower(*periodic);
    if (flags.find('f') != std::string::npos || flags.find('0') != std::string::npos) {
      fail(ErrorCode::data, "the structure is not periodic in all directions",
           fmt::format("pbc is '{}'", *periodic), line);
    }
  }
}

int element_in(std::string_view word, const Columns& columns, long line) {
  if (columns.by_number) {
    const auto number = parse_integer(word);
    if (number && *number >= 1 && *number <= max_atomic_number) {
      return static_cast<int>(*number);
    }
  } else if (const auto symbol = parse_type_symbol(word); symbol && !symbol->is_dummy()) {
    return symbol->atomic_number;
  }
  fail(ErrorCode::data, fmt::format("'{}' is not a known element", word), "an element is expected", line);
}

RawStructure read_frame(const XyzFrame& frame) {
  TextLines lines(frame.text, frame.line);
  const auto count = parse_integer(trim(lines.take("the number of atoms")));
  const Fields fields = fields_of(lines.take("the comment line"));
  RawStructure raw;
  raw.line = frame.line;
  raw.operations.push_back({}); // every site of the cell is listed
  read_lattice(raw, fields, lines.line());
  const std::string* properties = find(fields, "properties");
  const Columns columns = properties == nullptr ? Columns{} : columns_of(*properties, lines.line());
  for (long long i = 0; i < count.value_or(0); ++i) {
    const auto words = words_of(lines.take("an atom"));
    const auto position = vector_in(words, columns.position);
    if (!position || columns.species >= words.size()) {
      fail(ErrorCode::format, "the line of an atom is not complete",
           "an element and three numbers belong there", lines.line());
    }
    RawAtom atom;
    atom.line = lines.line();
    atom.label = std::string(words[columns.species]);
    atom.atomic_number = element_in(words[columns.species], columns, lines.line());
    const Eigen::Vector3d fractional = raw.lattice.transpose().inverse() * *position;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      atom.position[axis].value = fractional[static_cast<int>(axis)];
    }
    raw.atoms.push_back(std::move(atom));
  }
  return raw;
}

std::string id_in(std::string_view comment) {
  const Fields fields = fields_of(comment);
  for (const std::string_view name : usual_id_names) {
    if (const std::string* id = find(fields, name)) {
      return *id;
    }
  }
  return "";
}

} // namespace

bool looks_like_xyz(std::string_view text) {
  const auto count = parse_integer(trim(text.substr(0, text.find('\n'))));
  return count && *count > 0;
}

std::vector<XyzFrame> split_xyz(std::string_view text) {
  std::vector<XyzFrame> frames;
  TextLines lines(text);
  while (!trim(text.substr(std::min(lines.position(), text.size()))).empty()) {
    const std::size_t start = lines.position();
    XyzFrame frame;
    const auto count = parse_integer(trim(lines.take("")));
    frame.line = lines.line();
    if (!count && trim(text.substr(start, lines.position() - start)).empty()) {
      continue; // an empty line between frames
    }
    frame.is_whole = count && *count > 0 && !lines.at_end();
    if (frame.is_whole) {
      frame.id = id_in(lines.take(""));
    }
    for (long long i = 0; frame.is_whole && i < *count; ++i) {
      frame.is_whole = !lines.at_end();
      if (frame.is_whole) {
        lines.take("");
      }
    }
    frame.text = text.substr(start, frame.is_whole ? lines.position() - start : std::string_view::npos);
    frames.push_back(frame);
    if (!frame.is_whole) {
      break;
    }
  }
  return frames;
}

std::vector<ReadResult> read_xyz(std::string_view text, const EntryName& name, const ReadOptions& options) {
  const auto frames = split_xyz(text);
  std::vector<ReadResult> results;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    try {
      IONSIFT_VALIDATE(
          frames[i].is_whole, format, fmt::format("structure {} of the file is incomplete", i + 1),
          "it has fewer lines of atoms than its first line declares", "Check that the file is complete.");
      Crystal crystal = assemble(read_frame(frames[i]), options);
      crystal.source = name.source;
      const std::string own = frames[i].id.empty() ? numbered_id(name.source, i + 1) : frames[i].id;
      crystal.id = frames.size() == 1 ? name.id : own;
      results.emplace_back(std::move(crystal));
    } catch (const Error& error) {
      results.emplace_back(failure_of(error, name, "", frames[i].line));
    }
  }
  return results;
}

} // namespace ionsift::crystal
