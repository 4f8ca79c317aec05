// SPDX-License-Identifier: BSD-3-Clause
// The names of an enum's values, in one table.
#pragma once

#include "ionsift/base/error.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ionsift {

/// Values and names in the order in which messages list them. Every value has a row.
template <typename Enum, std::size_t n>
class EnumNames {
public:
  using Row = std::pair<Enum, std::string_view>;
  constexpr explicit EnumNames(const std::array<Row, n>& rows) : rows_(rows) {}

  constexpr std::string_view name(Enum value) const {
    for (const auto& [known, name] : rows_) {
      if (known == value) {
        return name;
      }
    }
    return "unknown";
  }
  constexpr std::optional<Enum> find(std::string_view name) const {
    for (const auto& row : rows_) {
      if (row.second == name) {
        return row.first;
      }
    }
    return std::nullopt;
  }
  /// "a, b and c"
  std::string list() const {
    std::string text;
    for (std::size_t i = 0; i < n; ++i) {
      text += i == 0 ? "" : i + 1 < n ? ", " : " and ";
      text += rows_[i].second;
    }
    return text;
  }
  /// @param what the name is of, in the singular  @throws Error usage, with the names that exist
  Enum parse(std::string_view name, std::string_view what) const {
    const auto value = find(name);
    IONSIFT_VALIDATE(value.has_value(), usage, fmt::format("there is no {} '{}'", what, name),
                     fmt::format("known are {}", list()), "Choose one of them.");
    return *value;
  }

private:
  std::array<Row, n> rows_;
};

/// enum_names<Colour>({{Colour::red, "red"}, {Colour::blue, "blue"}})
template <typename Enum, std::size_t n>
constexpr EnumNames<Enum, n> enum_names(const std::pair<Enum, std::string_view> (&rows)[n]) { // NOLINT
  return EnumNames<Enum, n>(std::to_array(rows));
}

} // namespace ionsift
