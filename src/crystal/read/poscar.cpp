// SPDX-License-Identifier: BSD-3-Clause
#include "poscar.hpp"

#include "chemistry/species_symbol.hpp"
#include "raw_structure.hpp"
#include "text_lines.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>

namespace ionsift::crystal {

namespace {

[[noreturn]] void fail(ErrorCode code, const std::string& problem, const std::string& why, long line) {
  throw ReadError(Error(code, problem, why, "Correct the file at that line."), line);
}

/// The element of "Li", "Li_sv" or "Li/0a1b2c", as names of potentials are.
std::optional<int> element_of(std::string_view word) {
  const auto symbol = parse_type_symbol(word.substr(0, word.find_first_of("_/")));
  return symbol && !symbol->is_dummy() ? std::optional(symbol->atomic_number) : std::nullopt;
}

class PoscarReader {
public:
  PoscarReader(std::string_view text, const ReadOptions& options) : lines_(text), options_(options) {}

  RawStructure read() {
    const std::string_view comment = lines_.take("the comment");
    read_lattice();
    read_counts(comment);
    read_positions();
    raw_.operations.push_back({}); // every site of the cell is listed
    return std::move(raw_);
  }

private:
  void read_lattice() {
    const auto words = words_of(lines_.take("the scale"));
    const auto first = words.empty() ? std::nullopt : parse_number(words.front());
    if (!first || *first == 0) {
      fail(ErrorCode::format, "the second line is not a scale", "it should be a number other than 0",
           lines_.line());
    }
    for (int i = 0; i < 3; ++i) {
      const auto vector = vector_in(words_of(lines_.take("a vector of the cell")));
      if (!vector) {
        fail(ErrorCode::format, "a vector of the cell is missing", "three numbers should stand here",
             lines_.line());
      }
      raw_.lattice.row(i) = vector->transpose();
    }
    if (const auto three = vector_in(words)) {
      scale_ = *three;
    } else {
      // A negative scale is the volume of the cell.
      const double factor = *first > 0 ? *first : std::cbrt(-*first / std::abs(raw_.lattice.determinant()));
      scale_ = Eigen::Vector3d::Constant(factor);
    }
    raw_.lattice = raw_.lattice * scale_.asDiagonal();
  }

  void read_counts(std::string_view comment) {
    auto words = words_of(without_comment(lines_.take("the elements")));
    std::vector<std::string_view> symbols;
    if (!words.empty() && !parse_integer(words.front())) {
      symbols = words;
      words = words_of(without_comment(lines_.take("the numbers of atoms")));
    }
    for (const std::string_view word : words) {
      const auto count = parse_integer(word);
      if (!count || *count < 0) {
        fail(ErrorCode::format, fmt::format("'{}' is not a number of atoms", word),
             "whole numbers should stand here", lines_.line());
      }
      IONSIFT_VALIDATE(static_cast<unsigned long long>(*count) <= options_.max_sites, limit,
                       fmt::format("the cell holds more than {} sites", options_.max_sites),
                       "larger cells are refused to keep one structure from stopping all others",
                       "Raise the limit of sites, or use a smaller cell.");
      counts_.push_back(static_cast<std::size_t>(*count));
    }
    if (counts_.empty()) {
      fail(ErrorCode::format, "the numbers of atoms are missing", "whole numbers should stand here",
           lines_.line());
    }
    find_elements(symbols, comment);
  }

  static std::string_view without_comment(std::string_view line) {
    return line.substr(0, line.find_first_of("!#"));
  }

  /// Fills elements_, or leaves it empty if only the positions name the elements.
  void find_elements(const std::vector<std::string_view>& symbols, std::string_view comment) {
    if (!symbols.empty()) {
      if (symbols.size() != counts_.size()) {
        fail(ErrorCode::format,
             fmt::format("{} elements have {} numbers of atoms", symbols.size(), counts_.size()),
             "every element has one", lines_.line());
      }
      for (const std::string_view symbol : symbols) {
        const auto element = element_of(symbol);
        if (!element) {
          fail(ErrorCode::data, fmt::format("'{}' is not a known element", symbol), "it is in the sixth line",
               lines_.line() - 1);
        }
        elements_.push_back(*element);
      }
      return;
    }
    const auto words = words_of(comment);
    if (words.size() >= counts_.size()) {
      for (std::size_t i = 0; i < counts_.size() && element_of(words[i]); ++i) {
        elements_.push_back(*element_of(words[i]));
      }
    }
    if (elements_.size() != counts_.size()) {
      elements_.clear();
    } else {
      raw_.warnings.push_back("elements_from_comment: the file names no elements but in its first line");
    }
  }

  void read_positions() {
    std::string_view mode = trim(lines_.take("the kind of coordinates"));
    if (mode.starts_with('S') || mode.starts_with('s')) {
      mode = trim(lines_.take("the kind of coordinates"));
    }
    const bool cartesian =
        !mode.empty() && std::string_view("CcKk").find(mode.front()) != std::string_view::npos;
    const bool direct = mode.starts_with('D') || mode.starts_with('d');
    if (!cartesian && !direct) {
      fail(ErrorCode::format, fmt::format("'{}' is not a kind of coordinates", mode.substr(0, 40)),
           "Direct or Cartesian should stand here", lines_.line());
    }
    for (std::size_t kind = 0; kind < counts_.size(); ++kind) {
      for (std::size_t i = 0; i < counts_[kind]; ++i) {
        read_atom(kind, cartesian);
      }
    }
  }

  void read_atom(std::size_t kind, bool cartesian) {
    const auto words = words_of(lines_.take("an atom"));
    const auto given = vector_in(words);
    if (!given) {
      fail(ErrorCode::format, "the coordinates of an atom are missing", "three numbers should stand here",
           lines_.line());
    }
    RawAtom atom;
    atom.line = lines_.line();
    const auto named = words.size() > 3 ? element_of(words.back()) : std::nullopt;
    if (elements_.empty() && !named) {
      fail(ErrorCode::missing, "the elements are not named",
           "neither the sixth line nor the first names them", lines_.line());
    }
    atom.atomic_number = elements_.empty() ? *named : elements_[kind];
    atom.label = fmt::format("{}", raw_.atoms.size() + 1);
    const Eigen::Vector3d position =
        cartesian ? raw_.lattice.transpose().inverse() * scale_.cwiseProduct(*given) : *given;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      atom.position[axis].value = position[static_cast<int>(axis)];
    }
    raw_.atoms.push_back(std::move(atom));
  }

  TextLines lines_;
  const ReadOptions& options_;
  RawStructure raw_;
  Eigen::Vector3d scale_ = Eigen::Vector3d::Ones();
  std::vector<std::size_t> counts_;
  std::vector<int> elements_; ///< [counts] element; empty if every atom names its own
};

} // namespace

bool looks_like_poscar(std::string_view text) {
  try {
    TextLines lines(text);
    lines.take("");
    const auto scale = words_of(lines.take(""));
    const bool has_scale = !scale.empty() && parse_number(scale.front());
    for (int i = 0; has_scale && i < 3; ++i) {
      if (!vector_in(words_of(lines.take("")))) {
        return false;
      }
    }
    return has_scale;
  } catch (const Error&) {
    return false; // too short
  }
}

std::vector<ReadResult> read_poscar(std::string_view text, const EntryName& name,
                                    const ReadOptions& options) {
  try {
    Crystal crystal = assemble(PoscarReader(text, options).read(), options);
    crystal.source = name.source;
    crystal.id = name.id;
    return {std::move(crystal)};
  } catch (const Error& error) {
    return {failure_of(error, name, "")};
  }
}

} // namespace ionsift::crystal
