#include "cif_lenient.hpp"

#include "ionsift/base/text.hpp"

#include "cif_characters.hpp"
#include "cif_tags.hpp"
#include "cif_tokens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace ionsift::crystal {

namespace {

bool starts_with_word(std::string_view text, std::string_view word) {
  return equal_ignoring_case(text.substr(0, word.size()), word);
}

bool is_tag(const CifToken& token) {
  return !token.quoted && token.text.size() > 1 && token.text.front() == '_';
}

bool is_keyword(const CifToken& token) {
  const auto is = [&](std::string_view word) { return equal_ignoring_case(token.text, word); };
  return !token.quoted && (is("loop_") || is("stop_") || is("global_") ||
                           starts_with_word(token.text, "save_") || starts_with_word(token.text, "data_"));
}

/// A tag or loop with all that stands behind it, up to the next.
struct Statement {
  bool is_loop = false;
  long line = 0;
  std::vector<std::string> tags; ///< normalized
  bool wanted = false;           ///< at least one of the tags is
  std::vector<CifToken> values;  ///< of a loop that is not wanted the first alone

  void add_tag(std::string_view tag) {
    tags.push_back(normalized_tag(tag));
    wanted = wanted || is_wanted(tags.back());
  }
};

struct Flaw {
  long line;
  std::string message;
};

class LenientReader {
public:
  LenientReader(std::string_view part, long first_line) : tokens_(without_heading(part, first_line)) {}

  CifBlock run() {
    CifToken token;
    while (tokens_.next(token)) {
      block_.line = block_.line == 0 ? token.line : block_.line;
      if (begins_statement(token)) {
        begin(token);
      } else {
        add_value(token);
      }
    }
    finish();
    drop_placeholders(block_);
    return std::move(block_);
  }

private:
  CifTokenizer without_heading(std::string_view part, long first_line) {
    if (!starts_with_word(part, "data_")) {
      return {part, first_line};
    }
    block_.name = block_name(part);
    const std::size_t named = 5 + block_.name.size();
    if (block_.name.find_first_of(" \t") != std::string::npos) {
      note_flaw(block_, first_line, "the name of the block holds blanks");
    }
    return {part.substr(std::min(named, part.size())), first_line};
  }

  bool is_complete_pair() const { return !now_.is_loop && now_.tags.size() == 1 && now_.values.size() == 1; }

  /// Tags and keywords begin a statement at the start of a line, and elsewhere where nothing else fits.
  bool begins_statement(const CifToken& token) const {
    if (!is_tag(token) && !is_keyword(token)) {
      return false;
    }
    return token.starts_line || is_complete_pair() || now_.tags.empty() ||
           (now_.is_loop && now_.values.empty());
  }

  void begin(const CifToken& token) {
    if (is_tag(token) && now_.is_loop && now_.values.empty()) {
      now_.add_tag(token.text);
      last_tag_ = token;
      return;
    }
    finish();
    now_ = {};
    now_.line = token.line;
    if (is_tag(token)) {
      now_.add_tag(token.text);
    } else {
      now_.is_loop = equal_ignoring_case(token.text, "loop_");
    }
  }

  void add_value(const CifToken& token) {
    if (token.quoted) {
      require_no_content(token);
    }
    if (now_.tags.empty()) {
      note_flaw(block_, token.line, fmt::format("'{}' belongs to no tag", shorten(token.text)));
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

  /// Whether a value stands on the line of the loop's last tag, as in "loop_ _a _b" + "_c 5": then the loop
  /// has no values, and this is a tag of its own.
  bool follows_last_tag(const CifToken& token) const {
    return last_tag_ && now_.tags.size() > 1 && token.line == last_tag_->line && last_tag_->starts_line;
  }

  void end_empty_loop(const CifToken& value) {
    note_flaw(block_, now_.line, fmt::format("the loop of {} has no values", now_.tags.front()));
    Statement pair;
    pair.line = value.line;
    pair.add_tag(now_.tags.back());
    pair.values.push_back(value);
    now_ = std::move(pair);
    last_tag_.reset();
  }

  static std::string shorten(std::string_view text) {
    constexpr std::size_t longest = 40;
    return std::string(text.substr(0, longest)) + (text.size() > longest ? "..." : "");
  }

  /// A text field with wanted tags inside is perhaps one whose end was lost: then all that is read after it
  /// would be wrong.
  static void require_no_content(const CifToken& field) {
    if (field.text.find('\n') == std::string_view::npos) {
      return;
    }
    CifTokenizer inside(field.text.substr(field.text.find('\n')), field.line);
    for (CifToken token; inside.next(token);) {
      if (token.starts_line && is_tag(token) && is_wanted(normalized_tag(token.text))) {
        throw Flaw{field.line,
                   fmt::format("the text that begins here holds {} in line {}; its end is perhaps "
                               "missing",
                               token.text, token.line)};
      }
    }
  }

  void finish() {
    if (now_.tags.empty()) {
      return;
    }
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
    now_ = {};
    last_tag_.reset();
  }

  /// Says what is wrong where that is easily said; it does no harm.
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
    // What stands on later lines belongs to no tag, and was perhaps part of an earlier text.
    const long line = now_.values.front().line;
    std::vector<CifToken> values;
    std::ranges::copy_if(now_.values, std::back_inserter(values),
                         [&](const CifToken& value) { return value.line == line; });
    if (values.size() < now_.values.size()) {
      note_flaw(block_, now_.values[values.size()].line,
                fmt::format("'{}' belongs to no tag", shorten(now_.values[values.size()].text)));
    }
    std::string text(values.front().text);
    if (values.size() > 1 || !values.front().closed) {
      const std::string problem = values.front().closed ? fmt::format("the value of {} has no quotes", tag)
                                                        : fmt::format("a quote of {} is not closed", tag);
      if (!is_text_tag(tag)) {
        throw Flaw{line, problem};
      }
      for (std::size_t i = 1; i < values.size(); ++i) {
        text += " " + std::string(values[i].text);
      }
      note_flaw(block_, line, problem);
    }
    require_text(tag, text, line);
    add_columns(block_, {{tag, {text}}}, line, false);
  }

  static void require_text(const std::string& tag, std::string_view text, long line) {
    if (text.find('\0') != std::string_view::npos) {
      throw Flaw{line, fmt::format("a value of {} holds NUL characters", tag)};
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
      throw Flaw{now_.line,
                 fmt::format("the loop of {} has {} tags, and a number of values that is no multiple of it",
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
      throw Flaw{token.line, fmt::format("a quote in the loop of {} is not closed", now_.tags.front())};
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

  /// Operators without quotes: each line is a row, and blanks in the operator mean nothing.
  void finish_operations() {
    const std::size_t width = now_.tags.size();
    const auto at =
        static_cast<std::size_t>(std::ranges::find_if(now_.tags, is_operation_tag) - now_.tags.begin());
    const auto fail = [&](long line) {
      throw Flaw{line,
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
    return shorten(text);
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
  CifTokenizer tokens_; ///< initialized after block_, whose name it takes from the heading
  Statement now_;
  std::optional<CifToken> last_tag_; ///< of a loop without values so far
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
  } catch (const Flaw& flaw) {
    return CifSyntaxError{block_name(part), flaw.message, flaw.line};
  }
}

} // namespace ionsift::crystal
