// SPDX-License-Identifier: BSD-3-Clause
// The CIF parser, the only file that includes gemmi's CIF grammar, which compiles slowly.
#include "ionsift/base/text.hpp"

#include "cif_block.hpp"
#include "cif_characters.hpp"
#include "cif_headings.hpp"
#include "cif_lenient.hpp"
#include "cif_tags.hpp"
#include "cif_tokens.hpp"
#include "numeral.hpp"

#include <fmt/format.h>
#include <gemmi/cif.hpp>

#include <algorithm>
#include <utility>

namespace ionsift::crystal {

namespace {

namespace cif = gemmi::cif;

void add_loop(CifBlock& block, const cif::Loop& loop, long line) {
  const std::size_t width = loop.tags.size();
  CifColumns columns;
  for (std::size_t column = 0; column < width; ++column) {
    std::string tag = normalized_tag(loop.tags[column]);
    if (!is_wanted(tag)) {
      continue;
    }
    std::vector<std::string> values;
    values.reserve(loop.values.size() / width);
    for (std::size_t i = column; i < loop.values.size(); i += width) {
      values.push_back(cif::as_string(loop.values[i]));
    }
    columns.emplace_back(std::move(tag), std::move(values));
  }
  add_columns(block, std::move(columns), line, true);
}

CifBlock convert(const cif::Block& source, long line_offset) {
  CifBlock block;
  block.name = source.name;
  for (const cif::Item& item : source.items) {
    const long line = item.line_number + line_offset;
    block.line = block.line == 0 ? line : block.line;
    if (item.type == cif::ItemType::Pair) {
      const std::string tag = normalized_tag(item.pair[0]);
      if (is_wanted(tag)) {
        add_columns(block, {{tag, {cif::as_string(item.pair[1])}}}, line, false);
      }
    } else if (item.type == cif::ItemType::Loop) {
      add_loop(block, item.loop, line);
    }
  }
  drop_placeholders(block);
  return block;
}

/// Parses without gemmi's check for duplicate tags: the first value counts, as in other readers.
cif::Document parse_strictly(std::string_view text) {
  cif::Document document;
  tao::pegtl::memory_input<> input(text.data(), text.size(), "cif");
  cif::parse_input(document, input);
  return document;
}

// Upstream's gemmi bundles PEGTL 2.8, Debian's uses PEGTL 3, which made functions of what was a member
// and a part of what().
template <typename ParseError>
const auto& place_of(const ParseError& error) {
  if constexpr (requires { error.positions(); }) {
    return error.positions().front();
  } else {
    return error.positions.front();
  }
}

template <typename ParseError>
std::string message_of(const ParseError& error) {
  if constexpr (requires { error.message(); }) {
    return std::string(error.message());
  } else {
    const std::string text = error.what();
    const std::string place = to_string(place_of(error)) + ": ";
    return text.starts_with(place) ? text.substr(place.size()) : text;
  }
}

/// A data block, or the text before the first one.
struct Part {
  std::string_view text;
  long first_line = 1;
  bool has_heading = false;
};

/// The text cut before every data block.
/// @param mind_fields as for HeadingScanner
std::vector<Part> split_blocks(std::string_view text, long first_line, bool mind_fields = true) {
  std::vector<Part> parts;
  Part part{text, first_line, false};
  std::size_t start = 0;
  HeadingScanner scanner(first_line, mind_fields);
  scanner.scan(text, [&](const CifHeading& heading) {
    part.text = text.substr(start, heading.offset - start);
    parts.push_back(part);
    start = heading.offset;
    part = {text, heading.line, true};
  });
  part.text = text.substr(start);
  parts.push_back(part);
  // A field that is never closed would hide all blocks behind it.
  return scanner.in_field() ? split_blocks(text, first_line, false) : parts;
}

bool is_blank(std::string_view text) {
  CifToken token;
  return !CifTokenizer(text, 1).next(token);
}

bool has_odd_operations(const CifBlock& block) {
  return !std::ranges::all_of(block.operations, looks_like_operation);
}

/// Puts together what the blocks of a text give.
class Parser {
public:
  Parser(std::string_view text, long first_line) : text_(text), first_line_(first_line) {}

  CifDocument run() {
    try {
      add_strictly();
    } catch (const tao::pegtl::parse_error& error) {
      document_ = {};
      add_parts(error);
    }
    return std::move(document_);
  }

private:
  void add_strictly() {
    const cif::Document parsed = parse_strictly(text_);
    std::vector<Part> parts; // computed only if a block has to be read again
    for (std::size_t i = 0; i < parsed.blocks.size(); ++i) {
      CifBlock block = convert(parsed.blocks[i], first_line_ - 1);
      if (has_odd_operations(block)) {
        parts = parts.empty() ? blocks_of(text_, first_line_) : std::move(parts);
        mend_operations(block, parts.size() == parsed.blocks.size() ? parts[i] : Part{});
      }
      add(std::move(block));
    }
  }

  static std::vector<Part> blocks_of(std::string_view text, long first_line) {
    auto parts = split_blocks(text, first_line);
    std::erase_if(parts, [](const Part& part) { return !part.has_heading; });
    return parts;
  }

  /// Operators without quotes parse as several values each, which is valid but meaningless.
  static void mend_operations(CifBlock& block, const Part& part) {
    auto again = read_leniently(part.text, part.first_line);
    if (auto* mended = std::get_if<CifBlock>(&again); mended != nullptr && !mended->operations.empty()) {
      block = std::move(*mended);
    }
  }

  void add_parts(const tao::pegtl::parse_error& whole) {
    auto parts = split_blocks(text_, first_line_);
    std::string before = text_before(parts);
    const bool alone = parts.size() == 1;
    for (const Part& part : parts) {
      try {
        const cif::Document parsed = parse_strictly(part.text);
        for (const cif::Block& block : parsed.blocks) {
          CifBlock converted = convert(block, part.first_line - 1);
          if (has_odd_operations(converted)) {
            mend_operations(converted, part);
          }
          add(std::move(converted), std::exchange(before, ""));
        }
      } catch (const tao::pegtl::parse_error& error) {
        add_leniently(part, part.has_heading ? error : whole, alone, std::exchange(before, ""));
      }
    }
  }

  /// Removes the text before the first block, and records that unless it is a comment. Without any heading
  /// the whole text is one part.
  static std::string text_before(std::vector<Part>& parts) {
    if (parts.size() < 2) {
      return "";
    }
    const Part part = parts.front();
    parts.erase(parts.begin());
    if (is_blank(part.text)) {
      return "";
    }
    CifToken token;
    CifTokenizer(part.text, part.first_line).next(token);
    return fmt::format("line {}: text before the first data block was passed over", token.line);
  }

  void add_leniently(const Part& part, const tao::pegtl::parse_error& error, bool alone,
                     const std::string& before) {
    const auto line = static_cast<long>(place_of(error).line) + part.first_line - 1;
    auto read = read_leniently(part.text, part.first_line);
    if (auto* flawed = std::get_if<CifSyntaxError>(&read)) {
      document_.blocks.emplace_back(std::move(*flawed));
      return;
    }
    auto& block = std::get<CifBlock>(read);
    const bool lists_atoms = alone || part.text.find("_atom_site_fract_") != std::string_view::npos;
    if (block.atoms.columns.empty() && lists_atoms) {
      document_.blocks.emplace_back(CifSyntaxError{block.name, cause_of(block, error), line});
      return;
    }
    if (!part.has_heading) {
      note_flaw(block, part.first_line, "no line begins a data block");
    }
    if (block.flaws.empty() && !is_cif2(text_)) {
      note_flaw(block, line, message_of(error));
    }
    add(std::move(block), before);
  }

  static std::string cause_of(const CifBlock& block, const tao::pegtl::parse_error& error) {
    return block.flaws.empty() ? message_of(error) : block.flaws.front();
  }

  void add(CifBlock block, const std::string& before = "") {
    if (!before.empty()) {
      block.flaws.insert(block.flaws.begin(), before);
    }
    if (block.atoms.columns.empty()) {
      ++document_.blocks_without_atoms;
    } else {
      document_.blocks.emplace_back(std::move(block));
    }
  }

  std::string_view text_;
  long first_line_;
  CifDocument document_;
};

} // namespace

std::optional<std::string> CifTable::value(std::string_view tag, std::size_t row) const {
  const auto column = columns.find(tag);
  if (column == columns.end() || is_unknown(column->second[row])) {
    return std::nullopt;
  }
  return column->second[row];
}

const std::string* CifBlock::find(std::initializer_list<std::string_view> tags) const {
  for (const std::string_view tag : tags) {
    const auto found = values.find(tag);
    if (found != values.end()) {
      return &found->second;
    }
  }
  return nullptr;
}

CifDocument parse_cif(std::string_view bytes, long first_line) {
  const auto mended = mend_file_characters(bytes);
  const std::string_view text = mended ? std::string_view(mended->text) : bytes;
  if (text.empty() && !bytes.empty()) {
    CifDocument document;
    document.blocks.emplace_back(CifSyntaxError{"", "it holds NUL characters alone", first_line});
    return document;
  }
  CifDocument document = Parser(text, first_line).run();
  if (mended && !mended->mended.empty()) {
    for (auto& block : document.blocks) {
      if (auto* parsed = std::get_if<CifBlock>(&block)) {
        note_flaw(*parsed, first_line, mended->mended);
      }
    }
  }
  return document;
}

} // namespace ionsift::crystal
