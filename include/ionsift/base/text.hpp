// SPDX-License-Identifier: BSD-3-Clause
// Small text tools that the standard library of C++20 lacks.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ionsift {

std::string_view trim(std::string_view text);
/// As above, and also for blanks of spreadsheets and web pages: no-break, thin, ideographic and
/// zero-width spaces, byte order marks.
std::string_view trim_any_blank(std::string_view text);
/// Fields between separators; "a,,b" has three. Empty text has none.
std::vector<std::string> split(std::string_view text, char separator);
std::string to_lower(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);
/// The text with every byte that is not part of valid UTF-8 replaced by U+FFFD.
std::string valid_utf8(std::string_view text);
bool is_valid_utf8(std::string_view text);

/// The whole text as a finite number, or nothing. Independent of the locale.
std::optional<double> parse_number(std::string_view text);
std::optional<long long> parse_integer(std::string_view text);

/// Of `candidates` the one with the smallest edit distance to `word`, if it is a plausible misspelling;
/// else the first that begins with it, from three letters on.
std::optional<std::string> nearest_word(std::string_view word, const std::vector<std::string>& candidates);

} // namespace ionsift
