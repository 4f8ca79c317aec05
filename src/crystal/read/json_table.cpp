// SPDX-License-Identifier: BSD-3-Clause
#include "json_table.hpp"

#include <algorithm>
#include <map>

namespace ionsift::crystal {

namespace {

/// Number of rows examined to find the column of structures.
constexpr std::size_t most_looked_at = 100;

std::optional<std::size_t> place_of(const std::vector<std::string>& columns, std::string_view name) {
  const auto found = std::ranges::find(columns, name);
  return found == columns.end() ? std::nullopt
                                : std::optional(static_cast<std::size_t>(found - columns.begin()));
}

std::vector<std::string> names_in(const JsonValue& list) {
  std::vector<std::string> names;
  for (const JsonValue& element : elements_of(list)) {
    names.push_back(unquoted(element.text));
  }
  return names;
}

/// The column of ids: the requested one, otherwise the first usual one.
std::optional<std::size_t> id_column(const std::vector<std::string>& columns, const RecordFields& fields) {
  if (!fields.id.empty()) {
    return place_of(columns, fields.id);
  }
  for (const std::string_view name : usual_id_names) {
    if (const auto place = place_of(columns, name)) {
      return place;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> structure_column(const std::vector<std::string>& columns,
                                            const std::vector<JsonValue>& rows, const RecordFields& fields) {
  if (!fields.structure.empty()) {
    return place_of(columns, fields.structure);
  }
  for (std::size_t i = 0; i < std::min(rows.size(), most_looked_at); ++i) {
    const auto cells = elements_of(rows[i]);
    const auto found = std::ranges::find_if(cells, [](const JsonValue& cell) { return is_structure(cell); });
    if (found != cells.end()) {
      return static_cast<std::size_t>(found - cells.begin());
    }
  }
  return std::nullopt;
}

/// {"index": [...], "columns": [...], "data": [[...], ...]}
std::optional<JsonTable> table_by_rows(const JsonMembers& members, const RecordFields& fields) {
  const JsonValue* columns = find_member(members, "columns");
  const JsonValue* data = find_member(members, "data");
  if (columns == nullptr || data == nullptr || !columns->is_list() || !data->is_list()) {
    return std::nullopt;
  }
  JsonTable table;
  table.fields = names_in(*columns);
  const auto rows = elements_of(*data);
  const auto structure_at = structure_column(table.fields, rows, fields);
  if (!structure_at) {
    return std::nullopt;
  }
  const auto id_at = id_column(table.fields, fields);
  const JsonValue* index = find_member(members, "index");
  const auto index_ids = index == nullptr ? std::vector<JsonValue>{} : elements_of(*index);
  table.has_id_field = id_at.has_value() || fields.id == "index";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto cells = elements_of(rows[i]);
    JsonRow row{"", std::nullopt, rows[i].text, rows[i].complete};
    if (id_at && *id_at < cells.size()) {
      row.id = id_text(cells[*id_at]);
    } else if (!id_at && i < index_ids.size()) {
      row.id = id_text(index_ids[i]);
    }
    if (*structure_at < cells.size() && is_structure(cells[*structure_at])) {
      row.structure = cells[*structure_at];
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// A column by row names, as pandas writes it: {"0": ..., "1": ...}; or as a list.
JsonMembers cells_of(const JsonValue& column) {
  if (column.is_object()) {
    return members_of(column);
  }
  JsonMembers cells;
  for (const JsonValue& element : elements_of(column)) {
    cells.emplace_back("", element);
  }
  return cells;
}

bool holds_structures(const JsonMembers& cells) {
  const std::size_t n = std::min(cells.size(), most_looked_at);
  return std::any_of(cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(n),
                     [](const auto& cell) { return is_structure(cell.second); });
}

/// Whether this member is a column of structures and not, for example, a mapping of ids to structures.
bool is_column(const std::string& name, const JsonValue& value, const JsonMembers& members,
               const RecordFields& fields) {
  const bool usual = std::ranges::find(usual_structure_names, name) != usual_structure_names.end();
  const bool beside_ids = std::ranges::any_of(members, [&](const auto& member) {
    const bool alike =
        member.second.is_object() == value.is_object() && member.second.is_list() == value.is_list();
    return alike && (fields.id.empty() ? is_usual_id_name(member.first) : member.first == fields.id);
  });
  const bool named = fields.structure.empty() ? usual || beside_ids : name == fields.structure;
  return named && (value.is_list() || value.is_object());
}

/// {"id": [...], "structure": [...]}, or {"id": {"0": ...}, "structure": {"0": ...}}
std::optional<JsonTable> table_by_columns(const JsonMembers& members, const RecordFields& fields) {
  for (const auto& [name, value] : members) {
    if (!is_column(name, value, members, fields)) {
      continue;
    }
    const JsonMembers cells = cells_of(value);
    if (!holds_structures(cells)) {
      continue;
    }
    JsonTable table;
    for (const auto& member : members) {
      table.fields.push_back(member.first);
    }
    const auto id_at = id_column(table.fields, fields);
    const JsonMembers ids = id_at ? cells_of(members[*id_at].second) : JsonMembers{};
    table.has_id_field = id_at.has_value();
    const std::map<std::string, JsonValue> by_key(ids.begin(), ids.end());
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto& [key, cell] = cells[i];
      JsonRow row{key, std::nullopt, cell.text, cell.complete};
      if (value.is_list() && i < ids.size()) {
        row.id = id_text(ids[i].second);
      } else if (const auto id = by_key.find(key); value.is_object() && id != by_key.end()) {
        row.id = id_text(id->second);
      }
      if (is_structure(cell)) {
        row.structure = cell;
      }
      table.rows.push_back(std::move(row));
    }
    return table;
  }
  return std::nullopt;
}

} // namespace

std::optional<JsonTable> table_in(const JsonMembers& members, const RecordFields& fields) {
  auto table = table_by_rows(members, fields);
  return table ? table : table_by_columns(members, fields);
}

} // namespace ionsift::crystal
