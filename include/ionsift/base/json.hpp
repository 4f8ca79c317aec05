// SPDX-License-Identifier: BSD-3-Clause
// Defensive reading of JSON.
#pragma once

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <concepts>
#include <cstdint>
#include <string_view>
#include <utility>

namespace ionsift {

/// Brackets may nest this deep. No document of ours reaches ten; copying and printing a value goes down into
/// it call by call, and a file of brackets alone would use up the stack.
inline constexpr int deepest_json = 100;

/// @throws nlohmann::json::parse_error, also where brackets nest deeper than deepest_json
nlohmann::json parse_json(std::string_view text);

/// As above, but a discarded value if the text is not such JSON.
nlohmann::json parse_json_or_discard(std::string_view text);

/// Whether this is a whole number that T can hold.
template <std::integral T>
bool holds_integer(const nlohmann::json& json) {
  return json.is_number_unsigned() ? std::in_range<T>(json.get<std::uint64_t>())
                                   : json.is_number_integer() && std::in_range<T>(json.get<std::int64_t>());
}

/// A whole number. json::get also accepts fractions, and 1e60 is undefined behaviour.
/// @throws nlohmann::json::type_error, out_of_range
template <std::integral T>
T integer(const nlohmann::json& json) {
  if (!json.is_number_integer()) {
    throw nlohmann::json::type_error::create(302, fmt::format("{} is not a whole number", json.dump()),
                                             nullptr);
  }
  if (!holds_integer<T>(json)) {
    throw nlohmann::json::out_of_range::create(406, fmt::format("{} is too large", json.dump()), nullptr);
  }
  return json.get<T>();
}

/// The whole number of that name in an object; `otherwise` if there is none.
template <std::integral T>
T integer_or(const nlohmann::json& object, const char* name, T otherwise) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_integer() ? integer<T>(*found) : otherwise;
}

} // namespace ionsift
