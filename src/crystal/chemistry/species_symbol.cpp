// SPDX-License-Identifier: BSD-3-Clause
#include "species_symbol.hpp"

#include "ionsift/base/text.hpp"
#include "ionsift/crystal/chemistry/element.hpp"

#include "symbol_words.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace ionsift::crystal {

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

std::string_view leading_letters(std::string_view text) {
  const auto end = std::ranges::find_if_not(text, is_letter);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> names) {
  return std::ranges::any_of(names, [&](std::string_view name) { return equal_ignoring_case(word, name); });
}

bool names_dummy(std::string_view letters) {
  return is_one_of(letters,
                   {"X", "Xx", "Vac", "Va", "Vc", "Vacancy", "Du", "Dum", "Dummy", "Q", "Cen", "Cg"});
}

std::optional<double> parse_charge(std::string_view text) {
  if (text.size() > 2 && text.starts_with('(') && text.ends_with(')')) {
    text = text.substr(1, text.size() - 2);
  }
  if (text.empty() ||
      (text.find('+') == std::string_view::npos && text.find('-') == std::string_view::npos)) {
    return std::nullopt;
  }
  if (text.size() > 1 && text.find_first_not_of(text.front()) == std::string_view::npos) {
    return text.front() == '+' ? double(text.size()) : -double(text.size()); // "++", "---"
  }
  const bool sign_first = text.front() == '+' || text.front() == '-';
  const char sign = sign_first ? text.front() : text.back();
  const std::string_view digits = sign_first ? text.substr(1) : text.substr(0, text.size() - 1);
  if (sign != '+' && sign != '-') {
    return std::nullopt;
  }
  const auto size = digits.empty() ? std::optional(1.0) : parse_number(digits);
  // "Li+0.5" may be half an atom.
  if (!size || *size < 0 || (sign_first && *size > 0 && *size < 1)) {
    return std::nullopt;
  }
  return sign == '+' ? *size : *size == 0 ? 0.0 : -*size;
}

std::optional<HydrogenGroup> leading_hydrogen_group(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, int>, 27> groups = {
      {{"Water", 8}, {"Wat", 8}, {"WATER", 8}, {"WAT", 8},  {"wat", 8}, {"H2O", 8}, {"H3O", 8},
       {"HOH", 8},   {"D2O", 8}, {"D3O", 8},   {"OH2", 8},  {"OH3", 8}, {"OH", 8},  {"Oh", 8},
       {"OW", 8},    {"Ow", 8},  {"O-H", 8},   {"O(H)", 8}, {"NH4", 7}, {"NH3", 7}, {"NH2", 7},
       {"ND4", 7},   {"ND3", 7}, {"CH3", 6},   {"CH4", 6},  {"BH4", 5}, {"PH3", 15}}};
  std::optional<HydrogenGroup> longest;
  for (const auto& [name, atomic_number] : groups) {
    const bool ends =
        text.size() == name.size() || (text.size() > name.size() && !is_lower(text[name.size()]));
    if (text.starts_with(name) && ends && (!longest || longest->length < name.size())) {
      longest = HydrogenGroup{atomic_number, name.size()};
    }
  }
  return longest;
}

namespace {

/// "(III)", "(iv)".
std::optional<double> parse_roman(std::string_view text) {
  static constexpr std::array<std::string_view, 9> numerals = {"(0)", "(I)",  "(II)",  "(III)", "(IV)",
                                                               "(V)", "(VI)", "(VII)", "(VIII)"};
  const auto found = std::ranges::find_if(
      numerals, [&](std::string_view numeral) { return equal_ignoring_case(numeral, text); });
  return found == numerals.end() ? std::nullopt : std::optional(double(found - numerals.begin()));
}

/// A number of the atom, or a mark, as in "Fe1", "O2" and "Fe*".
bool is_decoration(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return is_digit(c) || c == '*' || c == '\'' || c == '_'; });
}

/// "CH", "NH2", "SiH3", "AlH4": an element that binds hydrogen, then hydrogen. Capitals such as "RH" and "TH"
/// are elements.
std::optional<HydrogenGroup> leading_hydride(std::string_view symbol) {
  for (const std::string_view heavy : {"B", "C", "N", "O", "P", "S", "Al", "Si", "As", "Se", "Ga", "Ge"}) {
    if (symbol.starts_with(heavy) && symbol.substr(heavy.size()).starts_with('H')) {
      const std::size_t digits = symbol.find_first_not_of("0123456789", heavy.size() + 1);
      return HydrogenGroup{atomic_number_of(heavy).value(), std::min(digits, symbol.size())};
    }
  }
  return std::nullopt;
}

/// "OH", "OH-", "H2O", "NH4+", "AlH4-", "HO-" (holmium is never negative). The charge is that of the group.
std::optional<ParsedSymbol> parse_group(std::string_view symbol) {
  for (const auto& group : {leading_hydrogen_group(symbol), leading_hydride(symbol)}) {
    if (!group) {
      continue;
    }
    const std::string_view rest = symbol.substr(group->length);
    if (is_decoration(rest) || parse_charge(rest)) {
      return ParsedSymbol{group->atomic_number, std::nullopt, true};
    }
  }
  if (symbol.starts_with("HO") && parse_charge(symbol.substr(2)).value_or(0) < 0) {
    return ParsedSymbol{8, std::nullopt, true};
  }
  if (is_one_of(symbol,
                {"OH", "OH2", "H2O", "H3O", "HOH", "D2O", "OD", "Wat", "Water", "Ow", "OH-", "OD-"})) {
    return ParsedSymbol{8, std::nullopt, true};
  }
  return std::nullopt;
}

} // namespace

bool may_be_group(std::string_view symbol) {
  symbol = trim(symbol);
  const std::string_view letters = leading_letters(symbol);
  const std::string_view rest = symbol.substr(letters.size());
  if (letters == "NO" || letters == "PO" || letters == "HO") {
    return is_decoration(rest) || (letters != "HO" && parse_charge(rest).has_value());
  }
  return letters == "CO" && (rest == "2" || rest == "3");
}

std::optional<ParsedSymbol> parse_type_symbol(std::string_view symbol) {
  symbol = trim(symbol);
  if (const auto group = parse_group(symbol)) {
    return group;
  }
  const std::string_view letters = leading_letters(symbol);
  if (letters.empty()) {
    return std::nullopt;
  }
  const std::string_view rest = symbol.substr(letters.size());
  if (const auto atomic_number = atomic_number_of(letters)) {
    const auto roman = parse_roman(rest);
    const auto charge = roman ? roman : parse_charge(rest);
    if (charge || is_decoration(rest)) {
      return ParsedSymbol{*atomic_number, charge, false};
    }
    return std::nullopt;
  }
  if (names_dummy(letters)) {
    return ParsedSymbol{};
  }
  // Scattering factor names such as "Cval" or "Siva": the element, then letters that say which factor.
  if (is_one_of(letters, {"Cval"})) {
    return ParsedSymbol{6, std::nullopt, false};
  }
  if (is_one_of(letters, {"Siva", "Sival"})) {
    return ParsedSymbol{14, std::nullopt, false};
  }
  return std::nullopt;
}

} // namespace ionsift::crystal
