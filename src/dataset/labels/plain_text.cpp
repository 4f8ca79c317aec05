// SPDX-License-Identifier: BSD-3-Clause
#include "plain_text.hpp"

#include <array>
#include <utility>

namespace ionsift::dataset {

namespace {

using Spelling = std::pair<std::string_view, std::string_view>;

constexpr std::array spellings = {
    // blanks
    Spelling{"\t", " "},
    Spelling{"\xC2\xA0", " "},
    Spelling{"\xE2\x80\x82", " "},
    Spelling{"\xE2\x80\x83", " "},
    Spelling{"\xE2\x80\x84", " "},
    Spelling{"\xE2\x80\x85", " "},
    Spelling{"\xE2\x80\x86", " "},
    Spelling{"\xE2\x80\x87", " "},
    Spelling{"\xE2\x80\x88", " "},
    Spelling{"\xE2\x80\x89", " "},
    Spelling{"\xE2\x80\x8A", " "},
    Spelling{"\xE2\x80\xAF", " "},
    Spelling{"\xE2\x81\x9F", " "},
    Spelling{"\xE3\x80\x80", " "},
    Spelling{"\xE2\x80\x8B", ""},
    Spelling{"\xE2\x81\xA0", ""},
    Spelling{"\xEF\xBB\xBF", ""},
    Spelling{"\xC2\xAD", ""},
    // minus signs, hyphens and dashes
    Spelling{"\xE2\x88\x92", "-"},
    Spelling{"\xE2\x80\x90", "-"},
    Spelling{"\xE2\x80\x91", "-"},
    Spelling{"\xE2\x80\x92", "-"},
    Spelling{"\xE2\x80\x93", "-"},
    Spelling{"\xE2\x80\x94", "-"},
    Spelling{"\xEF\xB9\xA3", "-"},
    Spelling{"\xEF\xBC\x8D", "-"},
    // products: multiplication sign, middle dots, bullets, asterisks
    Spelling{"\xC3\x97", "*"},
    Spelling{"\xC2\xB7", "*"},
    Spelling{"\xE2\x8B\x85", "*"},
    Spelling{"\xE2\x88\x99", "*"},
    Spelling{"\xE2\x80\xA2", "*"},
    Spelling{"\xE2\x88\x97", "*"},
    Spelling{"\xE2\x80\xA7", "*"},
    Spelling{"\xE2\x9C\x95", "*"},
    Spelling{"\xE2\xA8\xAF", "*"},
    // quotients
    Spelling{"\xE2\x81\x84", "/"},
    Spelling{"\xE2\x88\x95", "/"},
    Spelling{"\xC3\xB7", "/"},
    Spelling{"\xC2\xB1", "+-"},
    // bounds and about
    Spelling{"\xE2\x89\xA4", "<="},
    Spelling{"\xE2\xA9\xBD", "<="},
    Spelling{"\xE2\x89\xA6", "<="},
    Spelling{"\xE2\x89\xA5", ">="},
    Spelling{"\xE2\xA9\xBE", ">="},
    Spelling{"\xE2\x89\xA7", ">="},
    Spelling{"\xE2\x89\x88", "~"},
    Spelling{"\xE2\x88\xBC", "~"},
    Spelling{"\xE2\x89\x83", "~"},
    Spelling{"\xE2\x89\x85", "~"},
    Spelling{"\xEF\xBD\x9E", "~"},
    // micro sign, Greek mu, ohm signs, inverted ohm, sigma, degrees
    Spelling{"\xC2\xB5", "u"},
    Spelling{"\xCE\xBC", "u"},
    Spelling{"\xCE\xA9", "ohm"},
    Spelling{"\xE2\x84\xA6", "ohm"},
    Spelling{"\xE2\x84\xA7", "S"},
    Spelling{"\xCF\x83", "sigma"},
    Spelling{"\xCE\xA3", "sigma"},
    Spelling{"\xE2\x84\x83", "degC"},
    Spelling{"\xC2\xB0", "deg"},
    Spelling{"\xC2\xBA", "deg"},
    Spelling{"\xE2\x84\xAA", "K"},
    // subscripts
    Spelling{"\xE2\x82\x80", "0"},
    Spelling{"\xE2\x82\x81", "1"},
    Spelling{"\xE2\x82\x82", "2"},
    Spelling{"\xE2\x82\x83", "3"},
    Spelling{"\xE2\x82\x84", "4"},
    Spelling{"\xE2\x82\x85", "5"},
    Spelling{"\xE2\x82\x86", "6"},
    Spelling{"\xE2\x82\x87", "7"},
    Spelling{"\xE2\x82\x88", "8"},
    Spelling{"\xE2\x82\x89", "9"},
};

constexpr std::array superscripts = {
    Spelling{"\xE2\x81\xBB", "-"}, Spelling{"\xE2\x81\xBA", "+"}, Spelling{"\xE2\x81\xB0", "0"},
    Spelling{"\xC2\xB9", "1"},     Spelling{"\xC2\xB2", "2"},     Spelling{"\xC2\xB3", "3"},
    Spelling{"\xE2\x81\xB4", "4"}, Spelling{"\xE2\x81\xB5", "5"}, Spelling{"\xE2\x81\xB6", "6"},
    Spelling{"\xE2\x81\xB7", "7"}, Spelling{"\xE2\x81\xB8", "8"}, Spelling{"\xE2\x81\xB9", "9"},
    Spelling{"\xCB\x89", "-"},     Spelling{"\xC2\xAF", "-"},
};

/// The sign at the beginning of a text; nothing where the list has none.
template <typename List>
const Spelling* sign_at(std::string_view text, const List& list) {
  for (const auto& spelling : list) {
    if (text.starts_with(spelling.first)) {
      return &spelling;
    }
  }
  return nullptr;
}

} // namespace

std::string plain_text(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  bool raised = false;
  while (!text.empty()) {
    if (const auto* sign = sign_at(text, superscripts)) {
      plain += raised ? "" : "^";
      plain += sign->second;
      raised = true;
      text.remove_prefix(sign->first.size());
      continue;
    }
    raised = false;
    if (const auto* sign = sign_at(text, spellings)) {
      plain += sign->second;
      text.remove_prefix(sign->first.size());
    } else {
      plain += text.front();
      text.remove_prefix(1);
    }
  }
  return plain;
}

} // namespace ionsift::dataset
