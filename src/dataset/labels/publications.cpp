// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/labels/publications.hpp"

#include "ionsift/base/text.hpp"

#include <algorithm>
#include <cctype>

namespace ionsift::dataset {

namespace {

bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

/// Where the first DOI at or behind `from` begins: "10.", four digits or more, "/"; npos where there is none.
std::size_t find_doi(std::string_view text, std::size_t from) {
  constexpr std::size_t shortest_prefix = 4;
  for (auto at = text.find("10.", from); at != std::string_view::npos; at = text.find("10.", at + 1)) {
    auto end = at + 3;
    while (end < text.size() && is_digit(text[end])) {
      ++end;
    }
    const bool stands_alone = at == 0 || !is_digit(text[at - 1]);
    if (stands_alone && end - at - 3 >= shortest_prefix && end < text.size() && text[end] == '/') {
      return at;
    }
  }
  return std::string_view::npos;
}

/// Where it ends. A semicolon may be part of a DOI ("...>3.0.CO;2-#") or part two of them.
std::size_t end_of_doi(std::string_view text, std::size_t begin) {
  for (auto i = begin; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '|' || c == ',' || c == '"' || std::isspace(static_cast<unsigned char>(c)) != 0) {
      return i;
    }
    if (c == ';') {
      const auto rest = text.substr(i + 1);
      if (rest.empty() || rest.starts_with("10.") || rest.starts_with("doi") || rest.starts_with("http") ||
          std::isspace(static_cast<unsigned char>(rest.front())) != 0) {
        return i;
      }
    }
  }
  return text.size();
}

} // namespace

std::vector<std::string> dois_in(std::string_view text) {
  const auto lower = to_lower(text);
  std::vector<std::string> dois;
  for (auto begin = find_doi(lower, 0); begin != std::string::npos;) {
    const auto end = end_of_doi(lower, begin);
    auto doi = lower.substr(begin, end - begin);
    while (doi.ends_with('.') || doi.ends_with(';')) {
      doi.pop_back();
    }
    if (std::ranges::find(dois, doi) == dois.end()) {
      dois.push_back(std::move(doi));
    }
    begin = find_doi(lower, end);
  }
  return dois;
}

bool share_a_doi(const std::vector<std::string>& first, const std::vector<std::string>& second) {
  return std::ranges::any_of(
      first, [&](const std::string& doi) { return std::ranges::find(second, doi) != second.end(); });
}

} // namespace ionsift::dataset
