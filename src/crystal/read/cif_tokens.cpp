// SPDX-License-Identifier: BSD-3-Clause
#include "cif_tokens.hpp"

#include <algorithm>

namespace ionsift::crystal {

namespace {

constexpr std::string_view blanks = " \t\r\n";

} // namespace

std::size_t CifTokenizer::end_of_line(std::size_t from) const {
  return std::min(text_.find('\n', from), text_.size());
}

/// Skips blanks and comments. False at the end.
bool CifTokenizer::skip_blanks() {
  while (position_ < text_.size()) {
    const char c = text_[position_];
    if (c == '\n') {
      ++line_;
      line_begins_ = true;
      ++position_;
    } else if (blanks.find(c) != std::string_view::npos) {
      ++position_;
    } else if (c == '#') {
      position_ = end_of_line(position_);
    } else {
      return true;
    }
  }
  return false;
}

/// The token between two positions; the next one is searched from `after` on.
CifToken CifTokenizer::take(std::size_t begin, std::size_t end, std::size_t after, bool quoted, bool closed) {
  const CifToken token{text_.substr(begin, end - begin), line_, line_begins_, quoted, closed};
  line_ += std::count(text_.begin() + static_cast<std::ptrdiff_t>(position_),
                      text_.begin() + static_cast<std::ptrdiff_t>(after), '\n');
  position_ = after;
  line_begins_ = false;
  return token;
}

CifToken CifTokenizer::text_field() {
  const std::size_t end = text_.find("\n;", position_);
  if (end == std::string_view::npos) {
    return take(position_, end_of_line(position_), end_of_line(position_), true, false);
  }
  return take(position_ + 1, end, end + 2, true, true);
}

CifToken CifTokenizer::triple_quoted() {
  const std::size_t end = text_.find(text_.substr(position_, 3), position_ + 3);
  if (end == std::string_view::npos) {
    return take(position_, end_of_line(position_), end_of_line(position_), true, false);
  }
  return take(position_ + 3, end, end + 3, true, true);
}

/// A quote closes where a blank follows it, so that 'Dee's paper' is one string.
CifToken CifTokenizer::quoted_string() {
  const char quote = text_[position_];
  const std::size_t line_end = end_of_line(position_);
  for (std::size_t at = position_ + 1; at < line_end; ++at) {
    const bool closes = text_[at] == quote && (at + 1 == text_.size() || text_[at + 1] == '#' ||
                                               blanks.find(text_[at + 1]) != std::string_view::npos);
    if (closes) {
      return take(position_ + 1, at, at + 1, true, true);
    }
  }
  return take(position_ + 1, line_end, line_end, true, false);
}

CifToken CifTokenizer::word() {
  const std::size_t end = std::min(text_.find_first_of(blanks, position_), text_.size());
  return take(position_, end, end, false, true);
}

bool CifTokenizer::next(CifToken& token) {
  if (!skip_blanks()) {
    return false;
  }
  const char c = text_[position_];
  const std::string_view start = text_.substr(position_, 3);
  if (c == ';' && (position_ == 0 || text_[position_ - 1] == '\n')) {
    token = text_field();
  } else if (start == "'''" || start == "\"\"\"") {
    token = triple_quoted();
  } else if (c == '\'' || c == '"') {
    token = quoted_string();
  } else {
    token = word();
  }
  return true;
}

} // namespace ionsift::crystal
