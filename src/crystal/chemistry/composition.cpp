// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/chemistry/composition.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/crystal/chemistry/element.hpp"

#include "symbol_words.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <vector>

namespace ionsift::crystal {

namespace {

/// Signs that join the parts of a formula: "Li2SO4·H2O", "LiOH*H2O". A full stop does so as well, if it is
/// not a decimal point.
constexpr std::array<std::string_view, 6> joining_signs = {
    "*", "\xC2\xB7", "\xE2\x80\xA2", "\xE2\x88\x99", "\xE2\x8B\x85", "\xE2\x80\xA7"};

/// The length of the joining sign at the start of a text, 0 if there is none.
std::size_t joining_sign(std::string_view text) {
  const auto* found = std::ranges::find_if(joining_signs, [&](auto sign) { return text.starts_with(sign); });
  return found == joining_signs.end() ? 0 : found->size();
}

bool is_amount_character(char c) {
  return is_digit(c) || c == '.';
}

/// Recursive descent over element symbols, amounts, brackets, and parts that are joined ("LiCl.2H2O").
class FormulaParser {
public:
  explicit FormulaParser(std::string_view text) : text_(text) {}

  Composition parse() {
    Composition whole;
    bool joined = false;
    do {
      const std::size_t start = position_;
      const std::optional<double> factor = take_factor();
      Composition part = parse_group('\0');
      IONSIFT_VALIDATE(!part.empty(), format, complaint(start == 0 ? "holds no element" : "is not complete"),
                       start == 0 ? "it does not begin with one"
                                  : "nothing follows the sign that joins its parts",
                       "Write a formula such as \"Li6.5 La3 Zr1.5 Ta0.5 O12\".");
      const bool another = position_ < text_.size();
      IONSIFT_VALIDATE(!factor || joined || another, format,
                       complaint(fmt::format("has an unexpected '{}' at position 1", text_.front())),
                       "an element begins with a capital letter", "Check the formula.");
      for (const auto& [atomic_number, amount] : part.amounts()) {
        add(whole, atomic_number, amount * factor.value_or(1));
      }
      joined = another;
      position_ += another ? std::max<std::size_t>(joining_sign(rest()), 1) : 0;
    } while (joined);
    return whole;
  }

private:
  /// Up to the bracket `closing`; when that is '\0', to the end or to a sign that joins parts.
  Composition parse_group(char closing) {
    constexpr int deepest = 50;
    IONSIFT_VALIDATE(++depth_ < deepest, format, complaint("nests brackets too deeply"),
                     fmt::format("more than {} levels", deepest), "Check the formula.");
    Composition group;
    while (true) {
      skip_blanks();
      if (position_ == text_.size()) {
        IONSIFT_VALIDATE(closing == '\0', format, complaint("is not complete"),
                         fmt::format("'{}' is missing", closing), "Close every bracket.");
        break;
      }
      const char c = text_[position_];
      if (c == closing) {
        ++position_;
        break;
      }
      if (closing == '\0' && (joining_sign(rest()) > 0 || c == '.') && position_ + 1 < text_.size()) {
        break;
      }
      if (c == '(' || c == '[' || c == '{') {
        ++position_;
        const Composition inner = parse_group(c == '(' ? ')' : c == '[' ? ']' : '}');
        const double factor = parse_amount();
        for (const auto& [atomic_number, amount] : inner.amounts()) {
          add(group, atomic_number, amount * factor);
        }
      } else {
        const int atomic_number = parse_element();
        add(group, atomic_number, parse_amount());
      }
    }
    --depth_;
    return group;
  }

  /// Bounds within which sums, ratios and whole numbers of amounts are exact.
  void add(Composition& group, int atomic_number, double amount) const {
    constexpr double largest = 1e12;
    group.add(atomic_number, amount);
    IONSIFT_VALIDATE(
        group.amount(atomic_number) <= largest, format, complaint("has an unreasonably large amount"),
        fmt::format("no formula holds more than {:g} of one element", largest), "Check the formula.");
  }

  int parse_element() {
    const std::size_t start = position_;
    IONSIFT_VALIDATE(
        is_upper(text_[position_]), format,
        complaint(fmt::format("has an unexpected '{}' at position {}", text_[position_], start + 1)),
        "an element begins with a capital letter", "Check the formula.");
    ++position_;
    if (position_ < text_.size() && is_lower(text_[position_])) {
      ++position_;
    }
    const std::string_view symbol = text_.substr(start, position_ - start);
    const auto atomic_number = atomic_number_of(symbol);
    IONSIFT_VALIDATE(atomic_number.has_value(), format, complaint(fmt::format("names '{}'", symbol)),
                     "there is no such element", "Check the formula.");
    return *atomic_number;
  }

  /// The amount, 1 if none is written. Leaves the position at a full stop that joins the next part.
  double parse_amount() {
    const std::size_t before = position_;
    skip_blanks();
    const std::size_t start = position_;
    std::size_t end = start;
    while (end < text_.size() && is_amount_character(text_[end])) {
      ++end;
    }
    std::string_view digits = text_.substr(start, end - start);
    if (digits.empty()) {
      return 1.0;
    }
    if (start > before && digits != "." && begins_water(text_.substr(end))) {
      refuse_ambiguous(digits); // "LiCl 2H2O"
    }
    if (digits.find('.') != std::string_view::npos) {
      digits = digits.substr(0, end_of_amount(digits, text_.substr(end)));
    }
    position_ = start + digits.size();
    if (digits.empty()) {
      return 1.0;
    }
    const auto amount = parse_number(digits);
    IONSIFT_VALIDATE(amount.has_value(), format, complaint(fmt::format("has the amount '{}'", digits)),
                     "that is not a number", "Check the formula.");
    return *amount;
  }

  /// Where the amount ends and the next part begins in digits with a full stop: "4.3" before
  /// "H2O" is "4" and "3H2O", and "4." before "H2O" is "4" and "H2O".
  std::size_t end_of_amount(std::string_view digits, std::string_view after) const {
    const std::size_t first = digits.find('.');
    const std::size_t last = digits.rfind('.');
    const bool one = first == last;
    // "Li0" does not occur, nor does a number of parts such as "03".
    const bool may_join = !digits.starts_with("0.") && digits[std::min(first + 1, digits.size() - 1)] != '0';
    if (last + 1 == digits.size()) {
      return after.empty() || (!one && last - first < 2) ? digits.size() : last;
    }
    if (!begins_water(after)) {
      if (one && may_join && repeats_element(after)) {
        refuse_ambiguous(digits);
      }
      return digits.size();
    }
    if (one && !may_join) {
      return digits.size();
    }
    if (depth_ > 1) {
      refuse_ambiguous(digits); // only whole formulas are joined
    }
    if (one) {
      return first;
    }
    // "CaSO4.0.5H2O"; of "CoO2.1.3H2O" either stop may be the decimal point.
    const bool is_two_numbers = digits.find('.', first + 1) == last && last > first + 1;
    if (is_two_numbers && digits.substr(first + 1, 2) == "0.") {
      return first;
    }
    if (is_two_numbers && digits.starts_with("0.")) {
      return last;
    }
    refuse_ambiguous(digits);
  }

  /// Whether water ends this part of the formula.
  static bool begins_water(std::string_view after) {
    for (const std::string_view water : {"H2O", "D2O", "(H2O)", "OH2"}) {
      if (after.starts_with(water)) {
        const std::string_view behind = after.substr(water.size());
        return behind.empty() || std::string_view(" .)]}").find(behind.front()) != std::string_view::npos ||
               joining_sign(behind) > 0;
      }
    }
    return false;
  }

  /// Whether the element before the position occurs again after it, outside brackets: then a full stop
  /// between the two may join parts, as in "Li2O.2B2O3".
  bool repeats_element(std::string_view after) const {
    std::size_t begin = position_;
    while (begin > 0 && !is_upper(text_[begin - 1])) {
      --begin;
    }
    if (begin == 0 || text_[position_ - 1] == ')' || text_[position_ - 1] == ']') {
      return false;
    }
    std::string symbol(text_.substr(begin - 1, position_ - begin + 1));
    symbol = symbol.substr(0, symbol.find_last_not_of(" \t") + 1);
    int depth = 0;
    for (std::size_t i = 0; i < after.size() && depth >= 0 && joining_sign(after.substr(i)) == 0; ++i) {
      depth += std::string_view("([{").find(after[i]) != std::string_view::npos ? 1 : 0;
      depth -= std::string_view(")]}").find(after[i]) != std::string_view::npos ? 1 : 0;
      const std::size_t end = i + symbol.size();
      if (depth == 0 && after.substr(i, symbol.size()) == symbol &&
          (end == after.size() || !is_lower(after[end]))) {
        return true;
      }
    }
    return false;
  }

  [[noreturn]] void refuse_ambiguous(std::string_view digits) const {
    throw Error(ErrorCode::format, complaint(fmt::format("has '{}', which is ambiguous", digits)),
                "it may be an amount, or a separator and the number of units that follow, as in a hydrate",
                "Write \"·\" or \"*\" between the parts, as in \"LiCl*2H2O\".");
  }

  /// The number before a part, or a fraction such as 1/2; nothing if none is written.
  std::optional<double> take_factor() {
    skip_blanks();
    const std::size_t start = position_;
    while (position_ < text_.size() && is_amount_character(text_[position_])) {
      ++position_;
    }
    if (position_ == start) {
      return std::nullopt;
    }
    const std::string_view digits = text_.substr(start, position_ - start);
    auto factor = parse_number(digits);
    if (rest().starts_with('/')) {
      const std::size_t below = ++position_;
      while (position_ < text_.size() && is_digit(text_[position_])) {
        ++position_;
      }
      const auto divisor = parse_number(text_.substr(below, position_ - below));
      factor = factor && divisor && *divisor > 0 ? std::optional(*factor / *divisor) : std::nullopt;
    }
    IONSIFT_VALIDATE(factor.has_value(), format,
                     complaint(fmt::format("has the number '{}'", text_.substr(start, position_ - start))),
                     "that is not a number", "Check the formula.");
    return factor;
  }

  std::string_view rest() const { return text_.substr(position_); }

  void skip_blanks() {
    while (position_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[position_]))) {
      ++position_;
    }
  }

  std::string complaint(std::string_view what) const { return fmt::format("formula \"{}\" {}", text_, what); }

  std::string_view text_;
  std::size_t position_ = 0;
  int depth_ = 0;
};

/// Amounts that would round to 0 have two significant digits.
std::string format_amount(double amount, int decimals) {
  if (amount != 0 && std::abs(amount) < 0.1) {
    decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(std::abs(amount)))) + 1, decimals, 15);
  }
  std::string digits = fmt::format("{:.{}f}", amount, decimals);
  if (digits.find('.') != std::string::npos) {
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.') {
      digits.pop_back();
    }
  }
  return digits;
}

} // namespace

Composition Composition::parse(std::string_view formula) {
  return FormulaParser(trim(formula)).parse();
}

void Composition::add(int atomic_number, double amount) {
  if (amount != 0) {
    amounts_[atomic_number] += amount;
  }
}

double Composition::amount(int atomic_number) const {
  const auto found = amounts_.find(atomic_number);
  return found == amounts_.end() ? 0.0 : found->second;
}

double Composition::total() const {
  double sum = 0;
  for (const auto& [atomic_number, amount] : amounts_) {
    sum += amount;
  }
  return sum;
}

double Composition::fraction(int atomic_number) const {
  return empty() ? 0.0 : amount(atomic_number) / total();
}

Composition Composition::normalized() const {
  Composition scaled;
  const double sum = total();
  for (const auto& [atomic_number, amount] : amounts_) {
    scaled.add(atomic_number, amount / sum);
  }
  return scaled;
}

Composition Composition::reduced() const {
  constexpr double whole_within = 1e-3;
  long long divisor = 0;
  for (const auto& [atomic_number, amount] : amounts_) {
    const double whole = std::round(amount);
    if (whole < 1 || std::abs(amount - whole) > whole_within) {
      return *this;
    }
    divisor = std::gcd(divisor, static_cast<long long>(whole));
  }
  Composition smaller;
  for (const auto& [atomic_number, amount] : amounts_) {
    smaller.add(atomic_number, std::round(amount) / static_cast<double>(divisor));
  }
  return smaller;
}

std::string Composition::formula(int decimals) const {
  std::vector<const Element*> order;
  for (const auto& [atomic_number, amount] : amounts_) {
    order.push_back(&element(atomic_number));
  }
  const auto rank = [](const Element* e) {
    return e->electronegativity > 0 ? e->electronegativity : std::numeric_limits<double>::max();
  };
  std::ranges::stable_sort(order, std::less<>(), rank);
  std::string text;
  for (const Element* e : order) {
    const std::string digits = format_amount(amount(e->atomic_number), decimals);
    text += e->symbol;
    text += digits == "1" ? "" : digits;
  }
  return text;
}

std::string Composition::chemical_system() const {
  std::vector<std::string_view> symbols;
  for (const auto& [atomic_number, amount] : amounts_) {
    symbols.push_back(element(atomic_number).symbol);
  }
  std::ranges::sort(symbols);
  return fmt::format("{}", fmt::join(symbols, "-"));
}

} // namespace ionsift::crystal
