#include "json_split.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace ionsift::crystal {

namespace {

constexpr std::array<std::string_view, 6> id_names = {"material_id", "id",  "task_id",
                                                      "mp_id",       "_id", "identifier"};

/// Walks over values without looking into them.
class Scanner {
public:
  explicit Scanner(std::string_view text) : text_(text) { skip_blanks(); }

  char peek() const { return position_ < text_.size() ? text_[position_] : '\0'; }

  /// The next value, passed over; nothing where the text is no JSON.
  std::optional<std::string_view> value() {
    skip_blanks();
    const std::size_t start = position_;
    if (peek() == '"') {
      skip_string();
    } else if (peek() == '{' || peek() == '[') {
      skip_container();
    } else {
      position_ = std::min(text_.find_first_of(",]} \t\r\n", position_), text_.size());
    }
    if (position_ == start) {
      return std::nullopt;
    }
    return text_.substr(start, position_ - start);
  }

  bool take(char c) {
    skip_blanks();
    if (peek() != c) {
      return false;
    }
    ++position_;
    return true;
  }

private:
  void skip_blanks() { position_ = std::min(text_.find_first_not_of(" \t\r\n", position_), text_.size()); }

  void skip_string() {
    for (++position_; position_ < text_.size() && text_[position_] != '"'; ++position_) {
      position_ += text_[position_] == '\\' ? 1 : 0;
    }
    position_ = std::min(position_ + 1, text_.size());
  }

  void skip_container() {
    int depth = 0;
    do {
      const char c = peek();
      if (c == '"') {
        skip_string();
        continue;
      }
      depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
      ++position_;
    } while (depth > 0 && position_ < text_.size());
  }

  std::string_view text_;
  std::size_t position_ = 0;
};

using Members = std::vector<std::pair<std::string_view, std::string_view>>;

std::string_view unquoted(std::string_view text) {
  return text.size() >= 2 && text.front() == '"' ? text.substr(1, text.size() - 2) : text;
}

std::vector<std::string_view> elements_of(std::string_view list) {
  std::vector<std::string_view> elements;
  Scanner scanner(list);
  if (!scanner.take('[')) {
    return elements;
  }
  while (!scanner.take(']')) {
    const auto element = scanner.value();
    if (!element) {
      break;
    }
    elements.push_back(*element);
    scanner.take(',');
  }
  return elements;
}

Members members_of(std::string_view object) {
  Members members;
  Scanner scanner(object);
  if (!scanner.take('{')) {
    return members;
  }
  while (!scanner.take('}')) {
    const auto key = scanner.value();
    if (!key || !scanner.take(':')) {
      break;
    }
    const auto value = scanner.value();
    if (!value) {
      break;
    }
    members.emplace_back(unquoted(*key), *value);
    scanner.take(',');
  }
  return members;
}

std::optional<std::string_view> member(const Members& members, std::string_view key) {
  const auto found = std::ranges::find(members, key, &Members::value_type::first);
  return found == members.end() ? std::nullopt : std::optional(found->second);
}

std::string id_in(const Members& members, std::string_view id_column) {
  if (!id_column.empty()) {
    return std::string(unquoted(member(members, id_column).value_or("")));
  }
  for (const std::string_view name : id_names) {
    if (const auto id = member(members, name)) {
      return std::string(unquoted(*id));
    }
  }
  return "";
}

bool looks_like_structure(std::string_view value) {
  return value.starts_with('{') || value.find("_cell_length_a") != std::string_view::npos;
}

class Splitter {
public:
  Splitter(std::string_view text, std::string_view id_column) : text_(text), id_column_(id_column) {}

  std::vector<JsonPart> run() {
    Scanner scanner(text_);
    if (scanner.peek() == '[') {
      add_list(text_);
    } else if (scanner.peek() == '{') {
      add_object(members_of(text_));
    }
    if (parts_.empty()) {
      parts_.push_back({"", text_, 1});
    }
    return std::move(parts_);
  }

private:
  void add_object(const Members& members) {
    const auto data = member(members, "data");
    if (member(members, "lattice") || member(members, "structure") || member(members, "cif")) {
      add(text_, id_in(members, id_column_));
    } else if (data && member(members, "columns")) {
      add_table(members, *data);
    } else if (data) {
      data->starts_with('[') ? add_list(*data) : add(*data, "");
    } else {
      for (const auto& [key, value] : members) {
        if (value.starts_with('{')) {
          add(value, std::string(key));
        }
      }
    }
  }

  void add_list(std::string_view list) {
    for (const std::string_view element : elements_of(list)) {
      if (looks_like_structure(element)) {
        add(element, id_in(members_of(element), id_column_));
      }
    }
  }

  void add_table(const Members& members, std::string_view data) {
    const auto index = elements_of(member(members, "index").value_or(""));
    const auto columns = elements_of(*member(members, "columns"));
    const auto rows = elements_of(data);
    const auto is_id = [&](std::string_view column) {
      return id_column_.empty() ? std::ranges::find(id_names, unquoted(column)) != id_names.end()
                                : unquoted(column) == id_column_;
    };
    const auto id_at = static_cast<std::size_t>(std::ranges::find_if(columns, is_id) - columns.begin());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto cells = elements_of(rows[i]);
      const auto structure = std::ranges::find_if(cells, looks_like_structure);
      if (structure != cells.end()) {
        const std::string_view id = id_at < cells.size() ? cells[id_at] : i < index.size() ? index[i] : "";
        add(*structure, std::string(unquoted(id)));
      }
    }
  }

  void add(std::string_view part, std::string id) {
    const char* end = part.data();
    line_ += std::count(counted_, end, '\n');
    counted_ = end;
    parts_.push_back({std::move(id), part, line_});
  }

  std::string_view text_;
  std::string_view id_column_;
  std::vector<JsonPart> parts_;
  const char* counted_ = text_.data(); ///< lines are counted up to here
  long line_ = 1;
};

} // namespace

std::vector<JsonPart> split_json(std::string_view text, std::string_view id_column) {
  return Splitter(text, id_column).run();
}

bool mentions_structures(std::string_view text) {
  const auto mentions = [&](std::string_view word) { return text.find(word) != std::string_view::npos; };
  return (mentions("\"lattice\"") && mentions("\"sites\"")) || mentions("_cell_length_a");
}

} // namespace ionsift::crystal
