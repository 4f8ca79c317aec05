// SPDX-License-Identifier: BSD-3-Clause
// A line reader for formats whose lines have fixed meanings.
#pragma once

#include "ionsift/base/text.hpp"

#include "raw_structure.hpp"

#include <fmt/format.h>

#include <Eigen/Core>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ionsift::crystal {

/// Goes through the lines of a text.
class TextLines {
public:
  explicit TextLines(std::string_view text, long first_line = 1) : text_(text), line_(first_line - 1) {}

  bool at_end() const { return position_ >= text_.size(); }
  long line() const { return line_; } ///< number of the line taken last
  std::size_t position() const { return position_; }

  /// The next line without its end. @throws ReadError format at the end; `what` names the expected content
  std::string_view take(std::string_view what) {
    ++line_;
    if (at_end()) {
      throw ReadError(Error(ErrorCode::format, "the file ends too early", fmt::format("{} is missing", what),
                            "Check that the file is complete."),
                      line_);
    }
    const std::size_t end = std::min(text_.find('\n', position_), text_.size());
    const std::string_view line = text_.substr(position_, end - position_);
    position_ = end + 1;
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
  }

private:
  std::string_view text_;
  std::size_t position_ = 0;
  long line_;
};

/// The words of a line.
inline std::vector<std::string_view> words_of(std::string_view line) {
  constexpr std::string_view blanks = " \t\r\f\v";
  std::vector<std::string_view> words;
  for (std::size_t at = 0; (at = line.find_first_not_of(blanks, at)) != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of(blanks, at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

/// Three numbers from the `first` word on; nothing if there are fewer.
inline std::optional<Eigen::Vector3d> vector_in(const std::vector<std::string_view>& words,
                                                std::size_t first = 0) {
  Eigen::Vector3d vector;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto number = first + i < words.size() ? parse_number(words[first + i]) : std::nullopt;
    if (!number) {
      return std::nullopt;
    }
    vector[static_cast<int>(i)] = *number;
  }
  return vector;
}

} // namespace ionsift::crystal
