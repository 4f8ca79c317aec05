// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/chemistry/element.hpp"

#include "ionsift/base/error.hpp"

#include "element_data.hpp"

#include <algorithm>
#include <cctype>

namespace ionsift::crystal {

namespace {

/// Number of values of packed(): two letters, counted from 1 to 26, in base 32.
constexpr std::size_t packed_symbols = 27UL * 32;

std::array<Element, max_atomic_number> make_table() {
  std::array<Element, max_atomic_number> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const ElementRow& row = element_rows[i];
    const auto end = std::ranges::find(row.oxidation_states, 0, &OxidationState::occurrences);
    table[i] = {static_cast<int>(i) + 1, row.symbol, row.modified_pettifor, row.electronegativity,
                std::span(row.oxidation_states.begin(), end)};
  }
  return table;
}

/// One or two letters packed into one number, ignoring case; 0 for anything else.
unsigned packed(std::string_view symbol) {
  if (symbol.empty() || symbol.size() > 2) {
    return 0;
  }
  unsigned key = 0;
  for (const char c : symbol) {
    if (!std::isalpha(static_cast<unsigned char>(c))) {
      return 0;
    }
    key = key * 32 + (static_cast<unsigned>(std::toupper(static_cast<unsigned char>(c))) - 'A' + 1);
  }
  return key;
}

std::array<int, packed_symbols> make_index() {
  std::array<int, packed_symbols> index{};
  for (std::size_t i = 0; i < element_rows.size(); ++i) {
    index[packed(element_rows[i].symbol)] = static_cast<int>(i) + 1;
  }
  index[packed("D")] = 1;
  index[packed("T")] = 1;
  return index;
}

} // namespace

const Element& element(int atomic_number) {
  static const std::array<Element, max_atomic_number> table = make_table();
  IONSIFT_VALIDATE(atomic_number >= 1 && atomic_number <= max_atomic_number, data,
                   fmt::format("there is no element with atomic number {}", atomic_number),
                   fmt::format("known are 1 to {}", max_atomic_number),
                   "Check the species of the structure.");
  return table[static_cast<std::size_t>(atomic_number) - 1];
}

std::optional<int> atomic_number_of(std::string_view symbol) {
  static const std::array<int, packed_symbols> index = make_index();
  const int atomic_number = index[packed(symbol)];
  return atomic_number == 0 ? std::nullopt : std::optional(atomic_number);
}

} // namespace ionsift::crystal
