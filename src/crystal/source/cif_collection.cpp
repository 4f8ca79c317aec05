// SPDX-License-Identifier: BSD-3-Clause
#include "cif_collection.hpp"

#include "ionsift/base/mapped_file.hpp"
#include "ionsift/base/text.hpp"

#include "read/cif_headings.hpp"
#include "text_entries.hpp"

#include <algorithm>

namespace ionsift::crystal {

namespace {

/// Bytes allowed in a text whose lines can be interpreted without decoding.
bool is_plain(std::string_view text) {
  return !is_cif2(text) && !needs_decoding(text) && text.substr(0, 1024).find('\0') == std::string_view::npos;
}

std::string_view name_in(std::string_view heading) {
  const auto name = heading.substr(5);
  return name.substr(0, name.find_first_of(" \t\r\n"));
}

/// Whether a tag of atom sites other than displacements occurs.
bool mentions_atoms(std::string_view block) {
  constexpr std::string_view tag = "atom_site", displacements = "aniso";
  for (auto at = block.find('_'); at != std::string_view::npos; at = block.find('_', at + 1)) {
    const auto rest = block.substr(at + 1);
    if (equal_ignoring_case(rest.substr(0, tag.size()), tag) && rest.size() > tag.size() + 1 &&
        (rest[tag.size()] == '_' || rest[tag.size()] == '.') &&
        !equal_ignoring_case(rest.substr(tag.size() + 1, displacements.size()), displacements)) {
      return true;
    }
  }
  return false;
}

/// @param headings ascending
std::vector<CifPart> parts_of(std::string_view text, const std::vector<CifHeading>& headings,
                              long first_line) {
  std::vector<CifPart> parts;
  parts.reserve(headings.size());
  for (std::size_t i = 0; i < headings.size(); ++i) {
    const auto begin = i == 0 ? 0 : headings[i].offset;
    const auto end = i + 1 < headings.size() ? headings[i + 1].offset : text.size();
    const auto whole = text.substr(begin, end - begin);
    parts.push_back({whole, name_in(text.substr(headings[i].offset, end - headings[i].offset)),
                     i == 0 ? first_line : headings[i].line, mentions_atoms(whole)});
  }
  return parts;
}

} // namespace

std::optional<std::vector<CifPart>> split_collection(std::string_view text) {
  std::vector<CifHeading> headings;
  HeadingScanner scanner(1);
  if (!is_plain(text)) {
    return std::nullopt;
  }
  scanner.scan(text, [&](CifHeading heading) { headings.push_back(heading); });
  if (scanner.in_field() || headings.size() <= max_blocks_of_an_entry) {
    return std::nullopt;
  }
  return parts_of(text, headings, 1);
}

std::vector<CifPart> split_run(std::string_view text, long first_line) {
  std::vector<CifHeading> headings;
  HeadingScanner(first_line).scan(text, [&](CifHeading heading) { headings.push_back(heading); });
  return parts_of(text, headings, first_line);
}

std::optional<std::vector<BlockRun>> index_collection(const std::filesystem::path& path,
                                                      std::uint64_t bytes) {
  constexpr std::size_t window = std::size_t{1} << 22;
  const RandomFile file(path);
  const auto size = file.size();
  std::vector<BlockRun> runs;
  std::uint64_t blocks = 0;
  HeadingScanner scanner(1);
  std::string text; // whole lines, and the beginning of one
  for (std::uint64_t offset = 0; offset < size;) {
    const auto piece = file.read(offset, window);
    if (piece.empty() || (offset == 0 && !is_plain(piece))) {
      return std::nullopt;
    }
    offset += piece.size();
    text += piece;
    const auto whole = offset < size ? text.rfind('\n') + 1 : text.size(); // 0 if no line ends
    scanner.scan(std::string_view(text).substr(0, whole), [&](CifHeading heading) {
      if (runs.empty()) {
        runs.push_back({0, 0, 1, 0}); // includes the text before the first block
      } else if (heading.offset - runs.back().offset >= bytes) {
        runs.push_back({heading.offset, 0, heading.line, blocks});
      }
      ++blocks;
    });
    text.erase(0, whole);
  }
  if (scanner.in_field() || blocks <= max_blocks_of_an_entry) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < runs.size(); ++i) {
    runs[i].length = (i + 1 < runs.size() ? runs[i + 1].offset : size) - runs[i].offset;
  }
  return runs;
}

} // namespace ionsift::crystal
