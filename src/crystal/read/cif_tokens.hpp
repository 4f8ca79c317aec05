// SPDX-License-Identifier: BSD-3-Clause
// A tokenizer for CIFs that do not follow the grammar.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ionsift::crystal {

struct CifToken {
  std::string_view text; ///< without its quotes
  long line = 1;
  bool starts_line = false;
  bool quoted = false; ///< whether it is quoted or a text field
  bool closed = true;  ///< false for an unclosed quote or text field, which is then the rest of its line
};

/// Goes through a text word by word: unquoted words, quoted strings, text fields between lines that begin
/// with ";", and the triple quotes of CIF 2.0. A quote that is not closed on its line ends there.
class CifTokenizer {
public:
  /// @param line number of the text's first line
  CifTokenizer(std::string_view text, long line) : text_(text), line_(line) {}

  /// Advances to the next token. False at the end of the text.
  bool next(CifToken& token);

private:
  bool skip_blanks();
  CifToken text_field();
  CifToken triple_quoted();
  CifToken quoted_string();
  CifToken word();
  CifToken take(std::size_t begin, std::size_t end, std::size_t after, bool quoted, bool closed);
  std::size_t end_of_line(std::size_t from) const;

  std::string_view text_;
  std::size_t position_ = 0;
  long line_;
  bool line_begins_ = true; ///< only blanks precede the next token on its line
};

} // namespace ionsift::crystal
