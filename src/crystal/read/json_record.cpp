// SPDX-License-Identifier: BSD-3-Clause
#include "json_record.hpp"

#include "ionsift/base/text.hpp"

#include <algorithm>

namespace ionsift::crystal {

namespace {

/// Fields that hold further fields of the record.
constexpr std::array<std::string_view, 3> inner_names = {"data", "attributes", "properties"};

bool is_structure(const JsonMembers& members) {
  const auto has = [&](std::string_view key) { return find_member(members, key) != nullptr; };
  return (has("lattice") && has("sites")) || has("lattice_vectors") || (has("lattice_mat") && has("coords"));
}

bool is_cif(const JsonValue& value) {
  return value.is_string() && value.text.find("_cell_length_a") != std::string_view::npos;
}

/// A structure, or a record such as {"attributes": {...}} around one.
std::optional<JsonValue> structure_in(const JsonValue& value) {
  if (is_cif(value)) {
    return value;
  }
  if (!value.is_object()) {
    return std::nullopt;
  }
  const JsonMembers members = members_of(value);
  if (is_structure(members)) {
    return value;
  }
  const JsonValue* attributes = find_member(members, "attributes");
  if (attributes != nullptr && is_structure(*attributes)) {
    return *attributes;
  }
  return std::nullopt;
}

/// The first id among these members. @param with_names also names and row numbers, which identify less
std::string first_id(const JsonMembers& members, std::string_view wanted, bool with_names) {
  const auto in = [&](std::string_view name) {
    const JsonValue* value = find_member(members, name);
    return value == nullptr ? "" : id_text(*value);
  };
  if (!wanted.empty()) {
    return in(wanted);
  }
  for (const std::string_view name : usual_id_names) {
    if (!with_names && (name == "name" || name == "index")) {
      continue;
    }
    if (std::string id = in(name); !id.empty()) {
      return id;
    }
  }
  return "";
}

} // namespace

bool is_structure(const JsonValue& value) {
  return is_cif(value) || (value.is_object() && is_structure(members_of(value)));
}

std::optional<JsonValue> structure_of(const JsonValue& record, const RecordFields& fields) {
  if (fields.structure.empty()) {
    if (auto own = structure_in(record)) {
      return own;
    }
  }
  if (!record.is_object()) {
    return std::nullopt;
  }
  const JsonMembers members = members_of(record);
  const auto in_field = [&](std::string_view name) {
    const JsonValue* value = find_member(members, name);
    return value == nullptr ? std::nullopt : structure_in(*value);
  };
  if (!fields.structure.empty()) {
    return in_field(fields.structure);
  }
  for (const std::string_view name : usual_structure_names) {
    if (auto found = in_field(name)) {
      return found;
    }
  }
  // Under any other name, if it is the only structure and other fields accompany it.
  std::optional<JsonValue> found;
  std::size_t structures = 0;
  bool others = false;
  for (const auto& [key, value] : members) {
    if (auto structure = structure_in(value)) {
      found = structure;
      ++structures;
    } else {
      others = others || !value.is_object();
    }
  }
  return structures == 1 && others ? found : std::nullopt;
}

std::string id_text(const JsonValue& value) {
  if (value.is_string()) {
    return unquoted(value.text);
  }
  if (value.is_object()) {
    // {"@class": "MPID", "string": "mp-1"}, {"$oid": "..."}: the only text that is not a type.
    std::string text;
    for (const auto& [key, inner] : members_of(value)) {
      const bool tells = !key.starts_with('@') && (inner.is_string() || parse_number(inner.text));
      if (tells && (text.empty() || key == "string" || key == "$oid")) {
        text = unquoted(inner.text);
      }
    }
    return text;
  }
  return parse_number(value.text) ? std::string(value.text) : "";
}

std::string id_of(const JsonMembers& members, const RecordFields& fields) {
  if (std::string id = first_id(members, fields.id, true); !id.empty()) {
    return id;
  }
  for (const std::string_view inner : inner_names) {
    const JsonValue* value = find_member(members, inner);
    if (value != nullptr && value->is_object()) {
      if (std::string id = first_id(members_of(*value), fields.id, false); !id.empty()) {
        return id;
      }
    }
  }
  return "";
}

bool is_usual_id_name(std::string_view name) {
  return std::ranges::find(usual_id_names, name) != usual_id_names.end();
}

} // namespace ionsift::crystal
