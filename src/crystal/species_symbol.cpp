#include "species_symbol.hpp"

#include "ionsift/base/text.hpp"
#include "ionsift/crystal/element.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace ionsift::crystal {

namespace {

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}
bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
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

bool names_oxygen_with_hydrogen(std::string_view word) {
  return is_one_of(word, {"OH", "OH2", "H2O", "H3O", "Wat", "Water", "Ow", "Oh-"});
}

/// "3+", "+3", "2.5+", "+", "-2", "0+", "0"; nothing when it is no charge. A bare number is none: "Fe1".
std::optional<double> parse_charge(std::string_view text) {
  if (text.empty() ||
      (text.find('+') == std::string_view::npos && text.find('-') == std::string_view::npos)) {
    return std::nullopt;
  }
  const bool sign_first = text.front() == '+' || text.front() == '-';
  const char sign = sign_first ? text.front() : text.back();
  const std::string_view digits = sign_first ? text.substr(1) : text.substr(0, text.size() - 1);
  if (sign != '+' && sign != '-') {
    return std::nullopt;
  }
  const auto size = digits.empty() ? std::optional(1.0) : parse_number(digits);
  if (!size || *size < 0) {
    return std::nullopt;
  }
  return sign == '+' ? *size : *size == 0 ? 0.0 : -*size;
}

} // namespace

std::optional<ParsedSymbol> parse_type_symbol(std::string_view symbol) {
  symbol = trim(symbol);
  if (names_oxygen_with_hydrogen(symbol)) {
    return ParsedSymbol{8, std::nullopt, true};
  }
  const std::string_view letters = leading_letters(symbol);
  if (letters.empty()) {
    return std::nullopt;
  }
  if (const auto atomic_number = atomic_number_of(letters)) {
    return ParsedSymbol{*atomic_number, parse_charge(symbol.substr(letters.size())), false};
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

std::optional<ParsedSymbol> parse_label(std::string_view label, const Composition* formula) {
  label = trim(label);
  const std::string_view letters = leading_letters(label);
  if (letters.empty()) {
    return std::nullopt;
  }
  const auto one = atomic_number_of(letters.substr(0, 1));
  const auto two = letters.size() > 1 ? atomic_number_of(letters.substr(0, 2)) : std::nullopt;
  std::optional<int> chosen = two ? two : one;
  if (one && two) {
    const bool lower_case = std::islower(static_cast<unsigned char>(letters[1])) != 0;
    const bool has_one = formula != nullptr && formula->amount(*one) > 0;
    const bool has_two = formula != nullptr && formula->amount(*two) > 0;
    chosen = has_one != has_two ? (has_two ? two : one) : lower_case ? two : one;
  }
  // "Vac1" begins with vanadium and "Du1" with deuterium; a formula settles it only for real elements.
  if (names_dummy(letters) && (!chosen || formula == nullptr || formula->amount(*chosen) == 0)) {
    return ParsedSymbol{};
  }
  if (!chosen) {
    return std::nullopt;
  }
  const std::string_view rest = label.substr(std::min(letters.size(), std::size_t(*chosen == two ? 2 : 1)));
  const bool digits_first = !rest.empty() && is_digit(rest.front());
  return ParsedSymbol{*chosen, digits_first || rest.empty() ? parse_charge(rest) : std::nullopt, false};
}

} // namespace ionsift::crystal
