#include "text_entries.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/text.hpp"

#include "entry_kind.hpp"
#include "json_split.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <span>

namespace ionsift::crystal {

namespace {

constexpr std::array<std::string_view, 5> structure_names = {"cif", "structure", "cif_string", "cifs",
                                                             "initial_structure"};
constexpr std::array<std::string_view, 7> id_names = {"material_id", "id",   "mp_id", "cif_id",
                                                      "identifier",  "name", "index"};

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

Entry make_part(const TextSource& source, std::string id, std::size_t number, std::string bytes) {
  if (id.empty()) {
    id = fmt::format("{}-{}", stem_of(source.name), number);
  }
  id = valid_utf8(id);
  std::string place = source.source + "#" + id;
  return {{std::move(place), std::move(id)}, std::move(bytes)};
}

std::deque<Entry> table_entries(const std::string& text, const TextSource& source,
                                const SourceOptions& options) {
  const CsvTable table = CsvTable::parse(text, source.source);
  const auto structure =
      find_column(table, source.requested ? options.structure_column : "", structure_names);
  IONSIFT_VALIDATE(
      structure || !source.requested, missing, fmt::format("{} has no column of structures", source.source),
      fmt::format("none of its columns is called {}", fmt::join(structure_names, ", ")), "Name the column.");
  std::deque<Entry> entries;
  if (structure) {
    const auto id = find_column(table, source.requested ? options.id_column : "", id_names);
    for (std::size_t row = 0; row < table.size(); ++row) {
      entries.push_back(
          make_part(source, id ? table.cell(row, *id) : "", row + 1, table.cell(row, *structure)));
    }
  }
  return entries;
}

std::deque<Entry> document_entries(std::string text, const TextSource& source, const SourceOptions& options) {
  if (!source.requested && !mentions_structures(text)) {
    return {};
  }
  const std::vector<JsonPart> parts = split_json(text, options.id_column);
  std::deque<Entry> entries;
  if (parts.size() == 1) {
    std::string id = parts.front().id.empty() ? stem_of(source.name) : valid_utf8(parts.front().id);
    entries.push_back({{source.source, std::move(id)}, std::move(text)});
    return entries;
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    entries.push_back(make_part(source, parts[i].id, i + 1, std::string(parts[i].text)));
  }
  return entries;
}

bool begins_like_json(std::string_view text) {
  const std::string_view start = trim(text.substr(0, 1024));
  return start.starts_with('{') || start.starts_with('[');
}

} // namespace

std::deque<Entry> entries_of(std::string text, const TextSource& source, const SourceOptions& options) {
  const EntryKind kind = kind_of(source.name);
  if (kind == EntryKind::csv) {
    return table_entries(text, source, options);
  }
  if (kind == EntryKind::json || (kind == EntryKind::other && begins_like_json(text))) {
    return document_entries(std::move(text), source, options);
  }
  if (kind != EntryKind::cif && !source.requested) {
    return {};
  }
  return {Entry{{source.source, stem_of(source.name)}, std::move(text)}};
}

} // namespace ionsift::crystal
