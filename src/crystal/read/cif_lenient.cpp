// SPDX-License-Identifier: BSD-3-Clause
#include "cif_lenient.hpp"

#include "ionsift/base/text.hpp"

#include "cif_characters.hpp"
#include "cif_statements.hpp"
#include "cif_tags.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ionsift::crystal {

namespace {

bool starts_with_word(std::string_view text, std::string_view word) {
  return equal_ignoring_case(text.substr(0, word.size()), word);
}

class LenientReader {
public:
  LenientReader(std::string_view part, long first_line) : statements_(without_heading(part, first_line)) {}

  CifBlock run() {
    while (statements_.next(now_)) {
      finish();
    }
    drop_placeholders(block_);
    return std::move(block_);
  }

private:
  CifStatementReader without_heading(std::string_view part, long first_line) {
    if (!starts_with_word(part, "data_")) {
      return {part, first_line, block_};
    }
    block_.name = block_name(part);
    const std::size_t named = 5 + block_.name.size();
    if (block_.name.find_first_of(" \t") != std::string::npos) {
      note_flaw(block_, first_line, "the name of the block holds blanks");
    }
    return {part.substr(std::min(named, part.size())), first_line, block_};
  }

  void finish() {
    if (now_.values.empty()) {
      if (now_.is_loop) {
        note_flaw(block_, now_.line, fmt::format("the loop of {} has no values", now_.tags.front()));
      }
    } else if (!now_.wanted) {
      note_unwanted();
    } else if (now_.is_loop) {
      finish_loop();
    } else {
      finish_pair();
    }
  }

  /// Notes the flaw if it can be described; it is harmless.
  void note_unwanted() {
    for (const CifToken& value : now_.values) {
      if (!value.closed) {
        note_flaw(block_, value.line, fmt::format("a quote of {} is not closed", now_.tags.front()));
        return;
      }
      const bool plain =
          std::ranges::all_of(value.text, [](char c) { return static_cast<signed char>(c) > 0; });
      if (!value.quoted && !plain) {
        note_flaw(block_, value.line,
                  fmt::format("{} has other than ASCII letters and no quotes", now_.tags.front()));
        return;
      }
    }
    if (!now_.is_loop && now_.values.size() > 1) {
      note_flaw(block_, now_.values[1].line, fmt::format("the value of {} has no quotes", now_.tags.front()));
    }
  }

  void finish_pair() {
    const std::string& tag = now_.tags.front();
    // Text on later lines belongs to no tag and may be part of an earlier text.
    const long line = now_.values.front().line;
    std::vector<CifToken> values;
    std::ranges::copy_if(now_.values, std::back_inserter(values),
                         [&](const CifToken& value) { return value.line == line; });
    if (values.size() < now_.values.size()) {
      note_flaw(block_, now_.values[values.size()].line,
                fmt::format("'{}' belongs to no tag", shortened(now_.values[values.size()].text)));
    }
    std::string text(values.front().text);
    if (values.size() > 1 || !values.front().closed) {
      const std::string problem = values.front().closed ? fmt::format("the value of {} has no quotes", tag)
                                                        : fmt::format("a quote of {} is not closed", tag);
      if (!is_text_tag(tag) && !(is_only_compared(tag) && values.front().closed)) {
        throw CifFlaw{line, problem};
      }
      for (std::size_t i = 1; i < values.size() && is_text_tag(tag); ++i) {
        text += " " + std::string(values[i].text);
      }
      note_flaw(block_, line, problem);
    }
    require_text(tag, text, line);
    add_columns(block_, {{tag, {text}}}, line, false);
  }

  static void require_text(const std::string& tag, std::string_view text, long line) {
    if (text.find('\0') != std::string_view::npos) {
      throw CifFlaw{line, fmt::format("a value of {} holds NUL characters", tag)};
    }
  }

  void finish_loop() {
    const std::size_t width = now_.tags.size();
    std::vector<std::vector<std::string>> columns(width);
    const bool operations = std::ranges::any_of(now_.tags, is_operation_tag);
    std::size_t column = 0;
    for (const CifToken& token : now_.values) {
      add_cell(columns, column, token, operations);
    }
    const bool whole = column == 0;
    if (operations && (!whole || !are_operations(columns))) {
      finish_operations();
      return;
    }
    if (!whole) {
      throw CifFlaw{
          now_.line,
          fmt::format("the loop of {} has {} tags, and its number of values is not a multiple of that",
                      now_.tags.front(), width)};
    }
    keep(std::move(columns));
  }

  /// No-break spaces divide cells like others.
  void add_cell(std::vector<std::vector<std::string>>& columns, std::size_t& column, const CifToken& token,
                bool operations) {
    std::string text(token.text);
    require_text(now_.tags[column], text, token.line);
    const std::string mended = token.quoted ? "" : replace_typography(text);
    if (!mended.empty()) {
      note_flaw(block_, token.line, fmt::format("the loop of {} holds {}", now_.tags.front(), mended));
    }
    if (!token.closed && !operations) {
      throw CifFlaw{token.line, fmt::format("a quote in the loop of {} is not closed", now_.tags.front())};
    }
    if (token.quoted) {
      columns[column].push_back(std::move(text));
      column = (column + 1) % columns.size();
      return;
    }
    for (const std::string& cell : split(text, ' ')) {
      if (!cell.empty()) {
        columns[column].push_back(cell);
        column = (column + 1) % columns.size();
      }
    }
  }

  bool are_operations(const std::vector<std::vector<std::string>>& columns) const {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (is_operation_tag(now_.tags[i]) && !std::ranges::all_of(columns[i], looks_like_operation)) {
        return false;
      }
    }
    return true;
  }

  /// Operators without quotes: each line is a row, and blanks in the operator have no meaning.
  void finish_operations() {
    const std::size_t width = now_.tags.size();
    const auto at =
        static_cast<std::size_t>(std::ranges::find_if(now_.tags, is_operation_tag) - now_.tags.begin());
    const auto fail = [&](long line) {
      throw CifFlaw{line,
                    fmt::format("'{}' of the loop of {} is not an operator", row_text(line), now_.tags[at])};
    };
    if (width > 2) {
      fail(now_.values.front().line);
    }
    std::vector<std::string> operations;
    for (std::size_t i = 0; i < now_.values.size();) {
      const long line = now_.values[i].line;
      std::vector<std::string> words;
      for (; i < now_.values.size() && now_.values[i].line == line; ++i) {
        words.emplace_back(now_.values[i].text);
        replace_typography(words.back());
      }
      if (width == 2 && words.size() > 1) {
        words.erase(at == 0 ? words.end() - 1 : words.begin());
      }
      std::string text;
      for (const std::string& word : words) {
        text += word;
      }
      std::erase_if(text, [](char c) { return c == ' ' || c == '\'' || c == '"'; });
      if (!looks_like_operation(text)) {
        fail(line);
      }
      operations.push_back(std::move(text));
    }
    note_flaw(block_, now_.line, fmt::format("the operators of {} have no quotes", now_.tags[at]));
    add_columns(block_, {{now_.tags[at], std::move(operations)}}, now_.line, true);
  }

  std::string row_text(long line) const {
    std::string text;
    for (const CifToken& value : now_.values) {
      if (value.line == line) {
        text += (text.empty() ? "" : " ") + std::string(value.text);
      }
    }
    return shortened(text);
  }

  void keep(std::vector<std::vector<std::string>> columns) {
    CifColumns wanted;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (is_wanted(now_.tags[i])) {
        wanted.emplace_back(now_.tags[i], std::move(columns[i]));
      }
    }
    add_columns(block_, std::move(wanted), now_.line, true);
  }

  CifBlock block_;
  CifStatementReader statements_; ///< initialized after block_, whose name it takes from the heading
  CifStatement now_;
};

} // namespace

std::string block_name(std::string_view part) {
  if (!starts_with_word(part, "data_")) {
    return "";
  }
  std::string_view line =
      part.substr(5, part.find('\n') == std::string_view::npos ? part.npos : part.find('\n') - 5);
  for (const std::string_view end : {" _", "\t_", " #", "\t#", " loop_", " save_"}) {
    line = line.substr(0, line.find(end));
  }
  return std::string(line.substr(0, line.find_last_not_of(" \t\r") + 1));
}

std::variant<CifBlock, CifSyntaxError> read_leniently(std::string_view part, long first_line) {
  try {
    return LenientReader(part, first_line).run();
  } catch (const CifFlaw& flaw) {
    return CifSyntaxError{block_name(part), flaw.message, flaw.line};
  }
}

} // namespace ionsift::crystal
