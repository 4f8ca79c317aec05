// SPDX-License-Identifier: BSD-3-Clause
#include "json_split.hpp"

#include "json_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ionsift::crystal {

namespace {

constexpr int deepest_collection = 4;

/// Members that describe the document and hold no records.
bool describes_document(std::string_view key) {
  constexpr std::array<std::string_view, 8> names = {"meta",   "metadata", "links",   "included",
                                                     "schema", "info",     "version", "@version"};
  return std::ranges::find(names, key) != names.end();
}

class Splitter {
public:
  Splitter(std::string_view text, const RecordFields& fields) : text_(text), fields_(fields) {}

  JsonSplit run() {
    JsonScanner scanner(text_);
    const auto first = scanner.value();
    if (first && (first->is_object() || first->is_list())) {
      if (scanner.at_end()) {
        visit(*first, "", 0);
      } else if (first->text.find('\n') == std::string_view::npos) {
        visit_lines();
      } else {
        visit_sequence();
      }
      if (!first->complete && structures_ > 0 && !damaged_) {
        add_problem({text_.substr(text_.size()), false},
                    "the document is truncated: it ends before its closing bracket", true);
      }
    }
    if (structures_ == 0) {
      split_.parts = {{"", text_, 1, 1, "", false}};
    }
    return std::move(split_);
  }

private:
  /// JSON Lines: a broken line does not affect the others.
  void visit_lines() {
    for (std::size_t start = 0; start < text_.size();) {
      const std::size_t end = std::min(text_.find('\n', start), text_.size());
      JsonScanner scanner(text_.substr(start, end - start));
      if (!scanner.at_end()) {
        const auto value = scanner.value();
        if (!value || !value->complete || !scanner.at_end()) {
          add_problem({text_.substr(start, end - start), false}, "the line is not one complete JSON value",
                      true);
        } else {
          visit_record(*value);
        }
      }
      start = end + 1;
    }
  }

  /// Documents one after the other, over several lines each.
  void visit_sequence() {
    JsonScanner scanner(text_);
    while (!scanner.at_end()) {
      const std::size_t start = scanner.position();
      const auto value = scanner.value();
      if (!value || (!value->is_object() && !value->is_list())) {
        add_problem({text_.substr(start), false}, "what follows the document before it is not JSON", true);
        return;
      }
      visit_record(*value);
    }
  }

  void visit_record(const JsonValue& value) {
    const std::size_t before = split_.parts.size();
    visit(value, "", 0);
    if (split_.parts.size() == before) {
      add_problem(value, why_none(value), false);
    }
  }

  /// A record, or a collection of them.
  void visit(const JsonValue& value, const std::string& key, int depth) {
    if (const auto structure = structure_of(value, fields_)) {
      add_record(value, structure, key);
    } else if (value.is_list()) {
      visit_list(value);
    } else if (value.is_object() && depth < deepest_collection) {
      visit_object(members_of(value), depth);
    }
  }

  void visit_list(const JsonValue& list) {
    const auto elements = elements_of(list);
    std::vector<std::optional<JsonValue>> structures;
    for (const JsonValue& element : elements) {
      structures.push_back(element.is_list() ? structure_among(elements_of(element))
                                             : structure_of(element, fields_));
    }
    if (std::ranges::none_of(structures, [](const auto& found) { return found.has_value(); })) {
      return;
    }
    for (std::size_t i = 0; i < elements.size(); ++i) {
      add_record(elements[i], structures[i], "");
    }
  }

  static std::optional<JsonValue> structure_among(const std::vector<JsonValue>& cells) {
    const auto found = std::ranges::find_if(cells, [](const JsonValue& cell) { return is_structure(cell); });
    return found == cells.end() ? std::nullopt : std::optional(*found);
  }

  void visit_object(const JsonMembers& members, int depth) {
    if (const auto table = table_in(members, fields_)) {
      add_table(*table);
      return;
    }
    std::vector<std::optional<JsonValue>> structures;
    bool is_mapping = false;
    for (const auto& [key, value] : members) {
      structures.push_back(structure_of(value, fields_));
      is_mapping = is_mapping || structures.back().has_value();
    }
    for (std::size_t i = 0; i < members.size(); ++i) {
      const auto& [key, value] = members[i];
      if (structures[i] || (is_mapping && is_lost(key, value))) {
        add_record(value, structures[i], key);
      } else if (!describes_document(key)) {
        visit(value, key, depth + 1);
      }
    }
  }

  /// Whether a member of a mapping of structures should have been one.
  static bool is_lost(const std::string& key, const JsonValue& value) {
    return !describes_document(key) && (value.is_object() || value.text == "null");
  }

  void add_table(const JsonTable& table) {
    note_fields(table.fields);
    split_.has_id_field = split_.has_id_field || table.has_id_field;
    for (const JsonRow& row : table.rows) {
      if (row.structure && row.complete) {
        add(row.structure->text, row.id);
      } else {
        add_problem({row.text, row.complete}, row.complete ? "its row holds no structure" : cut,
                    !row.complete, row.id);
      }
    }
  }

  void add_record(const JsonValue& record, const std::optional<JsonValue>& structure,
                  const std::string& key) {
    const JsonMembers members = record.is_object() ? members_of(record) : JsonMembers{};
    std::string id = id_of(members, fields_);
    split_.has_id_field = split_.has_id_field || (!fields_.id.empty() && !id.empty());
    id = id.empty() ? key : id;
    if (split_.fields.empty()) {
      std::vector<std::string> names;
      for (const auto& [name, value] : members) {
        names.push_back(name);
      }
      note_fields(names);
    }
    if (structure && record.complete) {
      add(structure->text, std::move(id));
    } else {
      add_problem(record, record.complete ? why_none(record) : cut, !record.complete, id);
    }
  }

  static std::string why_none(const JsonValue& record) {
    return record.text == "null" ? "the record is null" : "the record holds no structure";
  }

  void note_fields(const std::vector<std::string>& fields) {
    if (split_.fields.empty()) {
      split_.fields = fields;
    }
  }

  void add(std::string_view text, std::string id) {
    split_.parts.push_back({std::move(id), text, line_of(text), ++records_, "", false});
    ++structures_;
  }

  void add_problem(const JsonValue& record, std::string problem, bool damaged, std::string id = "") {
    damaged_ = damaged_ || damaged;
    split_.parts.push_back(
        {std::move(id), record.text, line_of(record.text), ++records_, std::move(problem), damaged});
  }

  long line_of(std::string_view part) {
    if (part.data() > counted_) {
      line_ += std::count(counted_, part.data(), '\n');
      counted_ = part.data();
    }
    return line_;
  }

  static constexpr const char* cut = "the document is truncated inside this record";
  std::string_view text_;
  RecordFields fields_;
  JsonSplit split_;
  std::size_t records_ = 0;
  std::size_t structures_ = 0;
  bool damaged_ = false;
  const char* counted_ = text_.data(); ///< lines are counted up to here
  long line_ = 1;
};

} // namespace

JsonSplit split_json(std::string_view text, const RecordFields& fields) {
  return Splitter(text, fields).run();
}

bool mentions_structures(std::string_view text) {
  const auto mentions = [&](std::string_view word) { return text.find(word) != std::string_view::npos; };
  return (mentions("\"lattice\"") && mentions("\"sites\"")) || mentions("_cell_length_a") ||
         mentions("\"lattice_vectors\"") || mentions("\"lattice_mat\"");
}

} // namespace ionsift::crystal
