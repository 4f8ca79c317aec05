// SPDX-License-Identifier: BSD-3-Clause
#include "json_scan.hpp"

#include "ionsift/base/json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace ionsift::crystal {

bool JsonScanner::at_end() {
  skip_blanks();
  return position_ >= text_.size();
}

std::optional<JsonValue> JsonScanner::value() {
  skip_blanks();
  const std::size_t start = position_;
  bool complete = true;
  if (peek() == '"') {
    complete = skip_string();
  } else if (peek() == '{' || peek() == '[') {
    complete = skip_container();
  } else {
    position_ = std::min(text_.find_first_of(",]} \t\r\n", position_), text_.size());
  }
  if (position_ == start) {
    return std::nullopt;
  }
  return JsonValue{text_.substr(start, position_ - start), complete};
}

bool JsonScanner::take(char c) {
  skip_blanks();
  if (peek() != c) {
    return false;
  }
  ++position_;
  return true;
}

void JsonScanner::skip_blanks() {
  position_ = std::min(text_.find_first_not_of(" \t\r\n", position_), text_.size());
}

/// False if the string is not closed.
bool JsonScanner::skip_string() {
  for (++position_; position_ < text_.size(); ++position_) {
    position_ = std::min(text_.find_first_of("\"\\", position_), text_.size());
    if (position_ < text_.size() && text_[position_] == '"') {
      ++position_;
      return true;
    }
    ++position_; // an escaped character
  }
  position_ = text_.size();
  return false;
}

bool JsonScanner::skip_container() {
  int depth = 0;
  do {
    position_ = std::min(text_.find_first_of("\"{}[]", position_), text_.size());
    if (position_ >= text_.size()) {
      return false;
    }
    const char c = text_[position_];
    if (c == '"') {
      if (!skip_string()) {
        return false;
      }
      continue;
    }
    depth += c == '{' || c == '[' ? 1 : -1;
    ++position_;
  } while (depth > 0);
  return true;
}

std::vector<JsonValue> elements_of(const JsonValue& list) {
  std::vector<JsonValue> elements;
  JsonScanner scanner(list.text);
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

JsonMembers members_of(const JsonValue& object) {
  JsonMembers members;
  JsonScanner scanner(object.text);
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
    members.emplace_back(unquoted(key->text), *value);
    scanner.take(',');
  }
  return members;
}

const JsonValue* find_member(const JsonMembers& members, std::string_view key) {
  const auto found = std::ranges::find(members, key, &JsonMembers::value_type::first);
  return found == members.end() ? nullptr : &found->second;
}

std::string unquoted(std::string_view literal) {
  if (literal.size() < 2 || literal.front() != '"' || literal.back() != '"') {
    return std::string(literal);
  }
  if (literal.find('\\') == std::string_view::npos) {
    return std::string(literal.substr(1, literal.size() - 2));
  }
  const auto parsed = parse_json_or_discard(literal);
  return parsed.is_string() ? parsed.get<std::string>() : std::string(literal.substr(1, literal.size() - 2));
}

} // namespace ionsift::crystal
