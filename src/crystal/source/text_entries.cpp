// SPDX-License-Identifier: BSD-3-Clause
#include "text_entries.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/encoding.hpp"
#include "ionsift/base/text.hpp"

#include "cif_collection.hpp"
#include "read/entry_kind.hpp"
#include "read/python_literal.hpp"
#include "read/structure_json.hpp"
#include "read/xyz.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <span>

namespace ionsift::crystal {

namespace {

/// The requested column, else the first of the usual names; nothing where there is none of those.
std::optional<std::size_t> find_column(const CsvTable& table, const std::string& requested,
                                       std::span<const std::string_view> usual) {
  if (!requested.empty()) {
    return table.column(requested);
  }
  for (const std::string_view name : usual) {
    const auto& header = table.header();
    const auto found = std::ranges::find_if(
        header, [&](const std::string& column) { return equal_ignoring_case(trim(column), name); });
    if (found != header.end()) {
      return static_cast<std::size_t>(found - header.begin());
    }
  }
  return std::nullopt;
}

/// The entries of a text that holds several structures.
class Parts {
public:
  Parts(const TextSource& source, SourceNotes& notes) : source_(source), notes_(notes) {}

  /// @param first_line line of the file with which the entry begins
  void add(std::string id, std::size_t number, std::string bytes, long first_line = 1) {
    std::string place = place_of(id, number);
    if (id.empty()) {
      id = numbered_id(source_.source, number);
      if (notes_.numbered.count++ == 0) {
        notes_.numbered.example = id;
      }
    }
    items_.emplace_back(Entry{{std::move(place), valid_utf8(id), "", first_line}, std::move(bytes)});
  }

  void fail(const std::string& id, std::size_t number, const JsonPart& part) {
    items_.emplace_back(failure_of_part(part, place_of(id, number)));
  }

  void fail(const std::string& id, std::size_t number, const Error& error) {
    items_.emplace_back(Failure{place_of(id, number), "", error.code(), error.what(), 0});
  }

  Items take() { return std::move(items_); }

private:
  std::string place_of(const std::string& id, std::size_t number) const {
    return source_.source + "#" + (id.empty() ? std::to_string(number) : valid_utf8(id));
  }

  const TextSource& source_;
  SourceNotes& notes_;
  Items items_;
};

/// A cell as the bytes of an entry; Python's own notation as JSON.
std::string structure_bytes(const std::string& cell) {
  return looks_like_python(cell) ? json_of_python(cell) : cell;
}

Items table_entries(const std::string& text, const TextSource& source, const SourceOptions& options,
                    SourceNotes& notes) {
  const CsvTable table = CsvTable::parse(text, source.source);
  const auto structure =
      find_column(table, source.requested ? options.structure_column : "", usual_structure_names);
  IONSIFT_VALIDATE(structure || !source.requested, missing,
                   fmt::format("{} has no column of structures", source.source),
                   fmt::format("none of its columns is called {}", fmt::join(usual_structure_names, ", ")),
                   "Name the column with --structure-column.");
  if (!structure) {
    notes.pass_over("table without a column of structures", source.source);
    return {};
  }
  notes.used_id_column = true;
  const auto id = find_column(table, options.id_column, usual_id_names);
  Parts parts(source, notes);
  for (std::size_t row = 0; row < table.size(); ++row) {
    const std::string own = id ? table.cell(row, *id) : "";
    const std::string& cell = table.cell(row, *structure);
    if (trim(cell).empty() || equal_ignoring_case(trim(cell), "nan")) {
      parts.fail(own, row + 1,
                 Error(ErrorCode::missing, fmt::format("row {} holds no structure", row + 1),
                       fmt::format("its cell of '{}' is empty", table.header()[*structure]),
                       "Remove the row."));
    } else {
      parts.add(own, row + 1, structure_bytes(cell));
    }
  }
  return parts.take();
}

void require_id_field(const JsonSplit& split, const TextSource& source, const SourceOptions& options) {
  if (options.id_column.empty() || split.has_id_field) {
    return;
  }
  constexpr std::size_t most = 12;
  std::vector<std::string> fields = split.fields;
  fields.resize(std::min(fields.size(), most));
  throw Error(ErrorCode::missing, fmt::format("{} has no field '{}'", source.source, options.id_column),
              fields.empty() ? "its structures have no fields beside them"
                             : fmt::format("its structures have the fields {}", fmt::join(fields, ", ")),
              "Name the field of ids, or omit the option to have it found by name.");
}

Items document_entries(std::string text, const TextSource& source, const SourceOptions& options,
                       SourceNotes& notes) {
  if (!source.requested && !mentions_structures(text)) {
    notes.pass_over("JSON without structures", source.source);
    return {};
  }
  const JsonSplit split = split_json(text, {options.id_column, options.structure_column});
  notes.used_id_column = true;
  require_id_field(split, source, options);
  if (split.parts.size() == 1) {
    const std::string& own = split.parts.front().id;
    std::string id = own.empty() ? stem_of(source.name) : valid_utf8(own);
    Items items;
    items.emplace_back(Entry{{source.source, std::move(id)}, std::move(text)});
    return items;
  }
  Parts parts(source, notes);
  for (const JsonPart& part : split.parts) {
    if (!part.problem.empty()) {
      parts.fail(part.id, part.number, part);
    } else {
      parts.add(part.id, part.number,
                part.text.starts_with('"') ? unquoted(part.text) : std::string(part.text));
    }
  }
  return parts.take();
}

Items frame_entries(std::string text, const TextSource& source, SourceNotes& notes) {
  const auto frames = split_xyz(text);
  if (frames.size() < 2) {
    Items items;
    items.emplace_back(Entry{{source.source, stem_of(source.name)}, std::move(text)});
    return items;
  }
  Parts parts(source, notes);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    parts.add(frames[i].id, i + 1, std::string(frames[i].text));
  }
  return parts.take();
}

Items block_entries(const std::vector<CifPart>& blocks, const TextSource& source, SourceNotes& notes) {
  const auto before = source.blocks != nullptr ? source.blocks->blocks_before : 0;
  Parts parts(source, notes);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (blocks[i].has_atoms) {
      parts.add(std::string(blocks[i].name), before + i + 1, std::string(blocks[i].text),
                blocks[i].first_line);
    } else {
      notes.pass_over("data block without atoms", source.source + "#" + valid_utf8(blocks[i].name));
    }
  }
  return parts.take();
}

bool begins_like_json(std::string_view text) {
  const std::string_view start = trim(text.substr(0, 1024));
  return start.starts_with('{') || start.starts_with('[');
}

} // namespace

bool needs_decoding(std::string_view text) {
  return text.starts_with("\xEF\xBB\xBF") || text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") ||
         text.substr(0, 4).find('\0') != std::string_view::npos;
}

Items entries_of(std::string text, const TextSource& source, const SourceOptions& options,
                 SourceNotes& notes) {
  const EntryKind kind = kind_of(source.name);
  if (source.blocks != nullptr) {
    return block_entries(split_run(text, source.blocks->first_line), source, notes);
  }
  if ((kind == EntryKind::json || kind == EntryKind::other) && needs_decoding(text)) {
    text = decode_text(text).text;
  }
  if (kind == EntryKind::csv) {
    return table_entries(text, source, options, notes);
  }
  if (kind == EntryKind::json || (kind == EntryKind::other && begins_like_json(text))) {
    return document_entries(std::move(text), source, options, notes);
  }
  if (kind == EntryKind::xyz || (kind == EntryKind::other && looks_like_xyz(text))) {
    return frame_entries(std::move(text), source, notes);
  }
  if (kind == EntryKind::cif || (kind == EntryKind::other && source.requested)) {
    if (const auto blocks = split_collection(text)) {
      return block_entries(*blocks, source, notes);
    }
  }
  if (!may_hold_structures(kind) && !source.requested) {
    notes.pass_over(kind_in_words(source.source), source.source);
    return {};
  }
  Items items;
  items.emplace_back(Entry{{source.source, file_id(source.source)}, std::move(text)});
  return items;
}

} // namespace ionsift::crystal
