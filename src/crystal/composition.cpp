#include "ionsift/crystal/composition.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/crystal/element.hpp"

#include "symbol_words.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace ionsift::crystal {

namespace {

/// Recursive descent over element symbols, amounts and brackets.
class FormulaParser {
public:
  explicit FormulaParser(std::string_view text) : text_(text) {}

  Composition parse() {
    Composition whole = parse_group('\0');
    IONSIFT_VALIDATE(!whole.empty(), format, complaint("holds no element"), "the text is empty",
                     "Write a formula such as \"Li6.5 La3 Zr1.5 Ta0.5 O12\".");
    return whole;
  }

private:
  /// Up to the bracket `closing`, or to the end when that is '\0'.
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

  /// Amounts stay where their sums, ratios and whole numbers can be had.
  void add(Composition& group, int atomic_number, double amount) const {
    constexpr double largest = 1e12;
    group.add(atomic_number, amount);
    IONSIFT_VALIDATE(group.amount(atomic_number) <= largest, format, complaint("has an amount beyond sense"),
                     fmt::format("no formula holds more than {:g} of one element", largest),
                     "Check the formula.");
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

  /// 1 where none is written.
  double parse_amount() {
    skip_blanks();
    const std::size_t start = position_;
    while (position_ < text_.size() && (is_digit(text_[position_]) || text_[position_] == '.')) {
      ++position_;
    }
    if (position_ == start) {
      return 1.0;
    }
    const std::string_view digits = text_.substr(start, position_ - start);
    const auto amount = parse_number(digits);
    IONSIFT_VALIDATE(amount.has_value(), format, complaint(fmt::format("has the amount '{}'", digits)),
                     "that is no number", "Check the formula.");
    return *amount;
  }

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

/// Amounts that so few decimals would make 0 have two significant digits.
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
