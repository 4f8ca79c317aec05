// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/source/source_notes.hpp"

#include <fmt/format.h>

namespace ionsift::crystal {

void SourceNotes::pass_over(const std::string& kind, const std::string& example) {
  Kind& known = passed_over[kind];
  if (known.count++ == 0) {
    known.example = example;
  }
}

void SourceNotes::merge(const SourceNotes& other) {
  const auto add = [](Kind& known, const Kind& more) {
    known.example = known.count == 0 ? more.example : known.example;
    known.count += more.count;
  };
  for (const auto& [kind, more] : other.passed_over) {
    add(passed_over[kind], more);
  }
  add(numbered, other.numbered);
  for (const auto& [input, count] : other.by_input) {
    by_input[input] += count;
  }
  used_id_column = used_id_column || other.used_id_column;
}

std::string in_words(const std::map<std::string, SourceNotes::Kind>& passed_over) {
  std::string text;
  for (const auto& [kind, known] : passed_over) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", known.count, kind);
  }
  return text;
}

} // namespace ionsift::crystal
