// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/json.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <optional>

namespace ionsift {

namespace {

/// Position where brackets outside strings nest too deeply.
std::optional<std::size_t> too_deep(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      i += c == '\\' ? 1 : 0;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '[' || c == '{') {
      if (++depth > deepest_json) {
        return i;
      }
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return std::nullopt;
}

} // namespace

nlohmann::json parse_json(std::string_view text) {
  if (const auto place = too_deep(text)) {
    throw nlohmann::json::parse_error::create(
        101, *place + 1, fmt::format("brackets nest more than {} deep", deepest_json), nullptr);
  }
  return nlohmann::json::parse(text);
}

nlohmann::json parse_json_or_discard(std::string_view text) {
  return too_deep(text) ? nlohmann::json(nlohmann::json::value_t::discarded)
                        : nlohmann::json::parse(text, nullptr, false);
}

} // namespace ionsift
