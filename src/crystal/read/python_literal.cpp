// SPDX-License-Identifier: BSD-3-Clause
#include "python_literal.hpp"

#include "ionsift/base/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ionsift::crystal {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> words = {
    {{"True", "true"}, {"False", "false"}, {"None", "null"}, {"nan", "null"}}};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// Copies the string that begins at `at`, with double quotes. @return where it ends
std::size_t copy_string(std::string_view text, std::size_t at, std::string& out) {
  const char quote = text[at++];
  out += '"';
  for (; at < text.size() && text[at] != quote; ++at) {
    const char c = text[at];
    if (c == '\\' && at + 1 < text.size()) {
      const char next = text[++at];
      out += next == '\'' ? std::string("'") : std::string{'\\', next};
    } else if (c == '"') {
      out += "\\\"";
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  out += '"';
  return std::min(at + 1, text.size());
}

std::size_t copy_word(std::string_view text, std::size_t at, std::string& out) {
  std::size_t end = at;
  while (end < text.size() && is_letter(text[end])) {
    ++end;
  }
  const std::string_view word = text.substr(at, end - at);
  const auto known = std::ranges::find(words, word, &std::pair<std::string_view, std::string_view>::first);
  out += known == words.end() ? word : known->second;
  return end;
}

} // namespace

bool looks_like_python(std::string_view text) {
  text = trim(text);
  if (!text.starts_with('{') && !text.starts_with('[')) {
    return false;
  }
  const auto next = text.find_first_not_of("[{ \t\r\n");
  return next != std::string_view::npos && text[next] == '\'';
}

std::string json_of_python(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '\'' || c == '"') {
      at = copy_string(text, at, out);
    } else if (is_letter(c) && (at == 0 || text[at - 1] < '0' || text[at - 1] > '9')) {
      at = copy_word(text, at, out);
    } else {
      out += c == '(' ? '[' : c == ')' ? ']' : c;
      ++at;
    }
  }
  return out;
}

} // namespace ionsift::crystal
