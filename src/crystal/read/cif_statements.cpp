// SPDX-License-Identifier: BSD-3-Clause
#include "cif_statements.hpp"

#include "ionsift/base/text.hpp"

#include "cif_characters.hpp"
#include "cif_tags.hpp"

#include <fmt/format.h>

#include <utility>

namespace ionsift::crystal {

namespace {

bool is_tag(const CifToken& token) {
  return !token.quoted && token.text.size() > 1 && token.text.front() == '_';
}

bool is_keyword(const CifToken& token) {
  const auto is = [&](std::string_view word) { return equal_ignoring_case(token.text, word); };
  const auto starts = [&](std::string_view word) {
    return equal_ignoring_case(token.text.substr(0, word.size()), word);
  };
  return !token.quoted && (is("loop_") || is("stop_") || is("global_") || starts("save_") || starts("data_"));
}

/// A text field with wanted tags inside may lack its end; everything that is read after it
/// would then be wrong.
void require_no_content(const CifToken& field) {
  if (field.text.find('\n') == std::string_view::npos) {
    return;
  }
  CifTokenizer inside(field.text.substr(field.text.find('\n')), field.line);
  for (CifToken token; inside.next(token);) {
    if (token.starts_line && is_tag(token) && is_wanted(normalized_tag(token.text))) {
      throw CifFlaw{field.line,
                    fmt::format("the text that begins here holds {} in line {}; its end is perhaps "
                                "missing",
                                token.text, token.line)};
    }
  }
}

} // namespace

void CifStatement::add_tag(std::string_view tag) {
  tags.push_back(normalized_tag(tag));
  wanted = wanted || is_wanted(tags.back());
}

std::string shortened(std::string_view text) {
  constexpr std::size_t longest = 40;
  return std::string(text.substr(0, longest)) + (text.size() > longest ? "..." : "");
}

bool CifStatementReader::next(CifStatement& statement) {
  CifToken token;
  while (tokens_.next(token)) {
    block_.line = block_.line == 0 ? token.line : block_.line;
    if (!begins_statement(token)) {
      add_value(token);
      continue;
    }
    if (is_tag(token) && now_.is_loop && now_.values.empty()) {
      now_.add_tag(token.text);
      last_tag_ = token;
      continue;
    }
    statement = std::exchange(now_, {});
    begin(token);
    if (!statement.tags.empty()) {
      return true;
    }
  }
  statement = std::exchange(now_, {});
  return !statement.tags.empty();
}

bool CifStatementReader::is_complete_pair() const {
  return !now_.is_loop && now_.tags.size() == 1 && now_.values.size() == 1;
}

/// Tags and keywords begin a statement at the start of a line, and elsewhere where nothing else fits.
bool CifStatementReader::begins_statement(const CifToken& token) const {
  if (!is_tag(token) && !is_keyword(token)) {
    return false;
  }
  return token.starts_line || is_complete_pair() || now_.tags.empty() ||
         (now_.is_loop && now_.values.empty());
}

void CifStatementReader::begin(const CifToken& token) {
  last_tag_.reset();
  now_.line = token.line;
  if (is_tag(token)) {
    now_.add_tag(token.text);
  } else {
    now_.is_loop = equal_ignoring_case(token.text, "loop_");
  }
}

void CifStatementReader::add_value(const CifToken& token) {
  if (token.quoted) {
    require_no_content(token);
  }
  if (now_.tags.empty()) {
    note_flaw(block_, token.line, fmt::format("'{}' belongs to no tag", shortened(token.text)));
    return;
  }
  if (now_.is_loop && now_.values.empty() && follows_last_tag(token)) {
    end_empty_loop(token);
    return;
  }
  if (now_.wanted || now_.values.size() < 2) {
    now_.values.push_back(token);
  }
}

/// Whether a value stands on the line of the loop's last tag, as in "loop_ _a _b" + "_c 5": then the loop has
/// no values, and this is a tag of its own.
bool CifStatementReader::follows_last_tag(const CifToken& token) const {
  return last_tag_ && now_.tags.size() > 1 && token.line == last_tag_->line && last_tag_->starts_line;
}

void CifStatementReader::end_empty_loop(const CifToken& value) {
  note_flaw(block_, now_.line, fmt::format("the loop of {} has no values", now_.tags.front()));
  CifStatement pair;
  pair.line = value.line;
  pair.add_tag(now_.tags.back());
  pair.values.push_back(value);
  now_ = std::move(pair);
  last_tag_.reset();
}

} // namespace ionsift::crystal
