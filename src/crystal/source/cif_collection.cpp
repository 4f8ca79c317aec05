// SPDX-License-Identifier: BSD-3-Clause
#include "cif_collection.hpp"

#include "ionsift/base/mapped_file.hpp"
#include "ionsift/base/text.hpp"

#include <algorithm>
#include <cctype>

namespace ionsift::crystal {

namespace {

/// Where a data block begins.
struct Heading {
  std::uint64_t offset;
  long line;
};

std::string_view without_indent(std::string_view line) {
  const auto first = line.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view() : line.substr(first);
}

/// Calls `found` with each heading outside of text fields. False when a field is not closed.
template <typename Found>
bool find_headings(std::string_view text, long line, const Found& found) {
  bool in_field = false;
  for (std::size_t position = 0; position < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', position), text.size());
    const std::string_view now = text.substr(position, end - position);
    in_field = now.starts_with(';') ? !in_field : in_field;
    if (!in_field && equal_ignoring_case(without_indent(now).substr(0, 5), "data_")) {
      found(Heading{position, line});
    }
    position = end + 1;
  }
  return !in_field;
}

/// Bytes that may stand in a text whose lines mean what they seem to.
bool is_plain(std::string_view text) {
  const auto beginning = text.substr(0, 1024);
  return !beginning.starts_with("#\\#CIF_2") && !beginning.starts_with("\xFF\xFE") &&
         !beginning.starts_with("\xFE\xFF") && !beginning.starts_with("\xEF\xBB\xBF") &&
         beginning.find('\0') == std::string_view::npos;
}

std::string_view name_in(std::string_view heading) {
  const auto name = without_indent(heading).substr(5);
  return name.substr(0, name.find_first_of(" \t\r\n"));
}

/// Whether a tag of atom sites occurs that is not one of displacements alone.
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
std::vector<CifPart> parts_of(std::string_view text, const std::vector<Heading>& headings, long first_line) {
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
  std::vector<Heading> headings;
  if (!is_plain(text) || !find_headings(text, 1, [&](Heading heading) { headings.push_back(heading); }) ||
      headings.size() <= max_blocks_of_an_entry) {
    return std::nullopt;
  }
  return parts_of(text, headings, 1);
}

std::vector<CifPart> split_run(std::string_view text, long first_line) {
  std::vector<Heading> headings;
  find_headings(text, first_line, [&](Heading heading) { headings.push_back(heading); });
  return parts_of(text, headings, first_line);
}

std::optional<std::vector<BlockRun>> index_collection(const std::filesystem::path& file,
                                                      std::uint64_t bytes) {
  const auto size = RandomFile(file).size();
  const MappedFile mapped(file, size);
  const std::string_view text(reinterpret_cast<const char*>(mapped.bytes().data()), size);
  std::vector<BlockRun> runs;
  std::uint64_t blocks = 0;
  const bool closed = is_plain(text) && find_headings(text, 1, [&](Heading heading) {
                        if (runs.empty()) {
                          runs.push_back({0, 0, 1, 0}); // with what stands before the first block
                        } else if (heading.offset - runs.back().offset >= bytes) {
                          runs.push_back({heading.offset, 0, heading.line, blocks});
                        }
                        ++blocks;
                      });
  if (!closed || blocks <= max_blocks_of_an_entry) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < runs.size(); ++i) {
    runs[i].length = (i + 1 < runs.size() ? runs[i + 1].offset : size) - runs[i].offset;
  }
  return runs;
}

} // namespace ionsift::crystal
