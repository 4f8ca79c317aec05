// SPDX-License-Identifier: BSD-3-Clause
// Parsing of type symbols that hold several species.
#include "ionsift/base/text.hpp"
#include "ionsift/crystal/chemistry/element.hpp"

#include "species_symbol.hpp"
#include "symbol_words.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace ionsift::crystal {

namespace {

/// Sums of amounts behind the species above this are a formula ("Fe2O3"), not shares of a site.
constexpr double largest_sum = 1.05;

constexpr std::string_view separators = "+,/;&|";

class MixtureParser {
public:
  explicit MixtureParser(std::string_view text) : text_(text) {}

  /// "0.8Nb5+ + 0.2Zr4+"
  std::optional<std::vector<MixturePart>> amounts_first() {
    return parse([this](MixturePart& part) {
      const auto amount = take_amount();
      if (!amount || !(take('*') || true) || !take_species(part)) {
        return false;
      }
      part.amount = *amount;
      return *amount <= 1 && take_charge_before_separator(part);
    });
  }

  /// "Nb5+0.8Zr4+0.2"
  std::optional<std::vector<MixturePart>> amounts_last() {
    double sum = 0;
    bool has_fraction = false;
    sign_and_amount_ = 0;
    auto parts = parse([&](MixturePart& part) {
      if (!take_species(part)) {
        return false;
      }
      take_charge_before_amount(part);
      skip_blanks();
      if (std::string_view(":=_").find(peek()) != std::string_view::npos && peek() != '\0') {
        ++position_;
        skip_blanks();
      }
      const auto amount = peek() == '(' ? take_amount_in_brackets() : take_amount();
      part.amount = amount.value_or(0);
      sum += part.amount;
      has_fraction = has_fraction || (part.amount > 0 && part.amount < 1);
      return amount && *amount <= 1;
    });
    const bool has_decimals = has_fraction || text_.find_first_of(".,%") != std::string_view::npos;
    const bool one_ambiguous = parts && parts->size() == 1 && sign_and_amount_ == 1;
    return parts && has_decimals && !one_ambiguous && sum <= largest_sum ? parts : std::nullopt;
  }

private:
  template <typename TakePart>
  std::optional<std::vector<MixturePart>> parse(TakePart&& take_part) {
    position_ = 0;
    std::vector<MixturePart> parts;
    skip_blanks();
    while (position_ < text_.size()) {
      MixturePart part;
      if (!take_part(part)) {
        return std::nullopt;
      }
      if (part.amount > 0 && !part.symbol.is_dummy()) {
        parts.push_back(part);
      }
      skip_blanks();
      const bool separated = is_separator(peek());
      position_ += separated ? 1 : 0;
      skip_blanks();
      if (separated && position_ == text_.size()) {
        return std::nullopt;
      }
    }
    return parts.empty() ? std::nullopt : std::optional(std::move(parts));
  }

  /// "0.75", ".5", "0,8", "0.75(2)", "75%"; trailing blanks are consumed.
  std::optional<double> take_amount() {
    const std::size_t start = position_;
    std::string digits;
    while (is_digit(peek()) || peek() == '.' || (peek() == ',' && !digits.empty() && is_digit(peek(1)))) {
      digits += peek() == ',' ? '.' : peek();
      ++position_;
    }
    auto amount = parse_number(digits);
    if (!amount) {
      position_ = start;
      return std::nullopt;
    }
    if (peek() == '/' && is_digit(peek(1)) && digits.find('.') == std::string::npos) { // "1/3"
      ++position_;
      const auto divisor = take_digits();
      *amount = divisor && *divisor > 0 ? *amount / *divisor : 2; // larger than any valid share
    }
    if (peek() == '(' && is_digit(peek(1))) {
      const auto close = text_.find(')', position_);
      const std::string_view uncertainty =
          close == std::string_view::npos ? "" : text_.substr(position_ + 1, close - position_ - 1);
      if (uncertainty.empty() || !std::ranges::all_of(uncertainty, is_digit)) {
        position_ = start;
        return std::nullopt;
      }
      position_ = close + 1;
    }
    if (take('%')) {
      *amount /= 100;
    }
    skip_blanks();
    return amount;
  }

  /// "(0.75)", "(75%)"; "(2)" is not an amount.
  std::optional<double> take_amount_in_brackets() {
    const auto close = text_.find(')', position_);
    const std::string_view inside =
        close == std::string_view::npos ? "" : text_.substr(position_ + 1, close - position_ - 1);
    if (inside.find_first_of(".%") == std::string_view::npos) {
      return std::nullopt;
    }
    MixtureParser number(inside);
    const auto amount = number.take_amount();
    if (!amount || number.position_ != inside.size()) {
      return std::nullopt;
    }
    position_ = close + 1;
    return amount;
  }

  /// An element, a group with hydrogen, or a vacancy.
  bool take_species(MixturePart& part) {
    static constexpr std::string_view square = "\xE2\x96\xA1"; // U+25A1
    const std::string_view rest = text_.substr(position_);
    if (const auto group = leading_hydrogen_group(rest)) {
      part.symbol = {group->atomic_number, std::nullopt, true};
      position_ += group->length;
      return true;
    }
    const std::string_view letters = leading_letters(rest);
    for (const std::string_view empty : {square, std::string_view("[]"), std::string_view("[ ]")}) {
      if (rest.starts_with(empty)) {
        position_ += empty.size();
        return true;
      }
    }
    if (is_one_of(letters, {"Vac", "Va", "vacancy"})) {
      position_ += letters.size();
      return true;
    }
    const bool longer = letters.size() > 2 && is_lower(letters[2]);
    for (const std::size_t length : {std::size_t(2), std::size_t(1)}) {
      const bool cut_short = length == 1 && letters.size() > 1 && is_lower(letters[1]);
      if (letters.size() >= length && is_upper(letters[0]) && !longer && !cut_short) {
        if (const auto atomic_number = atomic_number_of(letters.substr(0, length))) {
          part.symbol.atomic_number = *atomic_number;
          position_ += length;
          return true;
        }
      }
    }
    return false;
  }

  /// "(5+)", "(+5)".
  bool take_charge_in_brackets(MixturePart& part) {
    const auto close = peek() == '(' ? text_.find(')', position_) : std::string_view::npos;
    if (close == std::string_view::npos) {
      return false;
    }
    const auto charge = parse_charge(text_.substr(position_, close + 1 - position_));
    if (charge) {
      part.symbol.oxidation = charge;
      position_ = close + 1;
    }
    return charge.has_value();
  }

  /// "5+", "+5", "-", or "+" where another separator follows it; "+0.2Zr" is not a charge. False for "+0.2"
  /// at the end, where a species may be missing.
  bool take_charge_before_separator(MixturePart& part) {
    if (take_charge_in_brackets(part)) {
      return true;
    }
    const std::size_t start = position_;
    const auto digits = take_digits();
    const char sign = peek();
    if (sign != '+' && sign != '-') {
      position_ = start;
      return true;
    }
    ++position_;
    if (digits) {
      part.symbol.oxidation = sign == '+' ? *digits : -*digits;
      return true;
    }
    const std::size_t behind_sign = position_;
    skip_blanks();
    const auto size = take_digits();
    const std::size_t behind_digits = position_;
    skip_blanks();
    const bool ends = peek() == '\0' || is_separator(peek());
    if (!ends && sign == '+') {
      position_ = start; // the sign separates two species
      return true;
    }
    position_ = ends ? behind_digits : behind_sign;
    const double charge = ends ? size.value_or(1) : 1;
    part.symbol.oxidation = sign == '+' ? charge : -charge;
    return charge >= 1 || charge == 0;
  }

  /// "5+" or "+" where an amount follows.
  void take_charge_before_amount(MixturePart& part) {
    if (take_charge_in_brackets(part)) {
      return;
    }
    const std::size_t start = position_;
    const std::size_t digits_end = text_.find_first_not_of("0123456789", position_);
    const auto digits = parse_number(text_.substr(position_, std::min(digits_end, text_.size()) - position_));
    position_ = std::min(digits_end, text_.size());
    const char sign = peek();
    ++position_;
    const std::size_t behind_sign = position_;
    skip_blanks();
    const bool amount_follows = is_digit(peek()) || peek() == '.';
    if ((sign != '+' && sign != '-') || !amount_follows) {
      position_ = start;
      return;
    }
    double charge = digits.value_or(1);
    sign_and_amount_ += digits || position_ > behind_sign ? 0 : 1;
    position_ = behind_sign;
    if (!digits) { // "Nb+5 0.8"
      const auto size = take_digits();
      skip_blanks();
      if (size && (is_digit(peek()) || peek() == '.')) {
        charge = *size;
      } else {
        position_ = behind_sign;
      }
    }
    part.symbol.oxidation = sign == '+' ? charge : -charge;
  }

  std::optional<double> take_digits() {
    const std::size_t start = position_;
    while (is_digit(peek()) || peek() == '.') {
      ++position_;
    }
    return parse_number(text_.substr(start, position_ - start));
  }

  static bool is_separator(char c) { return c != '\0' && separators.find(c) != std::string_view::npos; }

  char peek(std::size_t ahead = 0) const {
    return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0';
  }
  bool take(char c) {
    if (peek() != c) {
      return false;
    }
    ++position_;
    return true;
  }
  void skip_blanks() {
    while (peek() == ' ' || peek() == '\t') {
      ++position_;
    }
  }

  std::string_view text_;
  std::size_t position_ = 0;
  int sign_and_amount_ = 0; ///< number of amounts that follow a bare sign, "Li+0.5"
};

/// The text inside brackets that enclose the whole text.
std::string_view without_brackets(std::string_view text) {
  static constexpr std::array<std::pair<char, char>, 3> pairs = {{{'(', ')'}, {'[', ']'}, {'{', '}'}}};
  for (const auto& [open, close] : pairs) {
    if (text.size() > 2 && text.front() == open && text.find(close) == text.size() - 1) {
      return trim(text.substr(1, text.size() - 2));
    }
  }
  return text;
}

} // namespace

std::optional<std::vector<MixturePart>> parse_mixture(std::string_view symbol) {
  MixtureParser parser(without_brackets(trim(symbol)));
  if (auto parts = parser.amounts_first()) {
    return parts;
  }
  return parser.amounts_last();
}

} // namespace ionsift::crystal
