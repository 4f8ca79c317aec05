// SPDX-License-Identifier: BSD-3-Clause
// A scanner of JSON that does not build it in memory.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ionsift::crystal {

/// A value as written in the text.
struct JsonValue {
  std::string_view text;
  bool complete = true; ///< false if the text ends inside it

  bool is_object() const { return text.starts_with('{'); }
  bool is_list() const { return text.starts_with('['); }
  bool is_string() const { return text.starts_with('"'); }
};

class JsonScanner {
public:
  explicit JsonScanner(std::string_view text) : text_(text) { skip_blanks(); }

  char peek() const { return position_ < text_.size() ? text_[position_] : '\0'; }
  bool at_end();
  std::size_t position() const { return position_; }

  /// Skips and returns the next value; nothing if there is none.
  std::optional<JsonValue> value();
  bool take(char c);

private:
  void skip_blanks();
  bool skip_string();
  bool skip_container();

  std::string_view text_;
  std::size_t position_ = 0;
};

/// Members of an object by key, without escapes.
using JsonMembers = std::vector<std::pair<std::string, JsonValue>>;

/// Elements of a list; for a truncated list, those that are present.
std::vector<JsonValue> elements_of(const JsonValue& list);
JsonMembers members_of(const JsonValue& object);

const JsonValue* find_member(const JsonMembers& members, std::string_view key);

/// The text that a string literal stands for; other values as they are written.
std::string unquoted(std::string_view literal);

} // namespace ionsift::crystal
