// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/labels/written_number.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"

#include "plain_text.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace ionsift::dataset {

namespace {

/// value x power, rounded once: what is written as "1.58489e-06" is that number, to the last bit.
double scaled(double value, double power) {
  const auto exponent = std::lround(std::log10(power));
  const auto exact = std::pow(10.0, static_cast<double>(exponent)) == power
                         ? parse_number(fmt::format("{}e{}", value, exponent))
                         : std::nullopt;
  return exact.value_or(value * power);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Groups of three digits behind one to three: "1,300", "12,345,678".
bool is_grouped(std::string_view digits, char sign) {
  const auto groups = split(digits, sign);
  if (groups.size() < 2 || groups.front().empty() || groups.front().size() > 3 || groups.front() == "0") {
    return false;
  }
  return std::all_of(groups.begin() + 1, groups.end(),
                     [](const std::string& group) { return group.size() == 3; });
}

std::string without(std::string text, char sign) {
  std::erase(text, sign);
  return text;
}

/// The possible readings of a number's digits, points and commas.
struct Reading {
  std::string as_point; ///< with a decimal point, commas between thousands; empty if impossible
  std::string as_comma; ///< with a decimal comma, as a number with a point
  bool is_clear() const { return as_point.empty() || as_comma.empty() || as_point == as_comma; }
};

/// The number that digits mean where `mark` stands before decimals and `group` between thousands.
std::string with_mark(std::string_view digits, char mark, char group) {
  const auto at = digits.find(mark);
  std::string whole(digits.substr(0, at));
  const std::string decimals(at == std::string_view::npos ? "" : digits.substr(at + 1));
  const bool cut = mark == ',' && at != std::string_view::npos && decimals.empty(); // "1, 2"
  if (cut || decimals.find_first_of(".,") != std::string::npos) {
    return {};
  }
  if (whole.find(group) != std::string::npos) {
    if (!is_grouped(whole, group)) {
      return {};
    }
    whole = without(whole, group);
  }
  return at == std::string_view::npos ? whole : whole + '.' + decimals;
}

Reading readings_of(std::string_view digits) {
  return {with_mark(digits, '.', ','), with_mark(digits, ',', '.')};
}

/// Reads a number from the front of a text in plain spelling.
class NumberReader {
public:
  NumberReader(std::string_view text, DecimalMark mark) : text_(text), mark_(mark) {}

  NumberCell read() {
    WrittenNumber number;
    skip_signs(number);
    const bool negative = take('-');
    if (!negative) {
      take('+');
    }
    skip_blanks();
    const bool bracket = take('(');
    const auto value = take_digits();
    if (!value) {
      return {std::nullopt, complaint_.empty() ? "is not a number" : complaint_};
    }
    number.value = *value;
    take_uncertainty(number);
    skip_blanks();
    if (bracket && !take(')')) {
      return {std::nullopt, "has a bracket that is not closed"};
    }
    const double power = take_power(number.value == 10 && !bracket && last_digits_ == "10");
    if (!complaint_.empty()) {
      return {std::nullopt, complaint_};
    }
    number.value = (negative ? -1 : 1) * (power_replaces_ ? power : scaled(number.value, power));
    number.uncertainty *= power;
    number.unit = std::string(trim(text_));
    if (!std::isfinite(number.value)) {
      return {std::nullopt, "is too large"};
    }
    return {number, {}};
  }

  /// The digits with their marks, from which a column's marks are determined.
  static std::string digits_of(std::string_view text) {
    NumberReader reader(text, DecimalMark::point);
    WrittenNumber ignored;
    reader.skip_signs(ignored);
    reader.take('-');
    reader.take('+');
    reader.skip_blanks();
    reader.take('(');
    reader.take_digits();
    return reader.last_digits_;
  }

private:
  void skip_blanks() {
    while (!text_.empty() && text_.front() == ' ') {
      text_.remove_prefix(1);
    }
  }

  bool take(char c) {
    if (text_.empty() || text_.front() != c) {
      return false;
    }
    text_.remove_prefix(1);
    return true;
  }

  bool take_word(std::string_view word) {
    if (text_.size() < word.size() || !equal_ignoring_case(text_.substr(0, word.size()), word)) {
      return false;
    }
    text_.remove_prefix(word.size());
    return true;
  }

  /// Bounds, "about", and the apostrophe by which spreadsheets mark texts.
  void skip_signs(WrittenNumber& number) {
    using Kind = WrittenNumber::Kind;
    while (true) {
      skip_blanks();
      if (take('\'')) {
        continue;
      }
      if (take('<')) {
        take('=');
        number.kind = Kind::upper_bound;
      } else if (take('>')) {
        take('=');
        number.kind = Kind::lower_bound;
      } else if (take('~') || take_word("approx.") || take_word("approximately") || take_word("approx") ||
                 take_word("about") || take_word("circa") || take_word("ca.") || take_word("ca ") ||
                 take_word("c. ")) {
        number.approximate = true;
      } else {
        return;
      }
    }
  }

  /// Digits with their decimal mark.
  std::optional<double> take_digits() {
    std::size_t size = 0;
    while (size < text_.size() && (is_digit(text_[size]) || text_[size] == '.' || text_[size] == ',')) {
      ++size;
    }
    const auto digits = text_.substr(0, size);
    last_digits_ = std::string(digits);
    if (std::none_of(digits.begin(), digits.end(), is_digit)) {
      return std::nullopt;
    }
    text_.remove_prefix(size);
    const auto reading = readings_of(digits);
    const bool has_comma = digits.find(',') != std::string_view::npos;
    if (!reading.is_clear() && mark_ == (has_comma ? DecimalMark::unclear : DecimalMark::comma)) {
      complaint_ = fmt::format("may be {} or {}{}", reading.as_point, reading.as_comma,
                               has_comma ? "" : ", since other cells have decimal commas");
      return std::nullopt;
    }
    const bool comma =
        reading.as_point.empty() || (!reading.as_comma.empty() && has_comma && mark_ != DecimalMark::point);
    const auto& chosen = comma ? reading.as_comma : reading.as_point;
    return chosen.empty() ? std::nullopt : parse_number(chosen);
  }

  /// "(3)" in units of the last digit, or "+- 0.3".
  void take_uncertainty(WrittenNumber& number) {
    const auto close = text_.find(')');
    if (text_.starts_with('(') && close != std::string_view::npos && close > 1) {
      const auto inside = text_.substr(1, close - 1);
      if (std::all_of(inside.begin(), inside.end(), is_digit)) {
        const auto mark = last_digits_.find_last_of(".,");
        const auto decimals = mark == std::string::npos ? 0 : last_digits_.size() - mark - 1;
        number.uncertainty =
            parse_number(inside).value_or(0) * std::pow(10.0, -static_cast<double>(decimals));
        text_.remove_prefix(close + 1);
      }
      return;
    }
    const auto before = text_;
    const auto digits = last_digits_;
    skip_blanks();
    if (take_word("+-") || take_word("+/-")) {
      skip_blanks();
      if (const auto uncertainty = take_digits()) {
        number.uncertainty = *uncertainty;
        last_digits_ = digits;
        return;
      }
      complaint_ = "has an uncertainty that is not a number";
    }
    text_ = before;
    last_digits_ = digits;
  }

  /// "e-3", "E-3", "x 10^-3", "*10-3", or "^-3" after a ten; 1 if there is none.
  double take_power(bool behind_ten) {
    const auto before = text_;
    if (behind_ten && (take('^') || take_word("**"))) {
      if (const auto exponent = take_exponent()) {
        power_replaces_ = true;
        return std::pow(10.0, *exponent);
      }
      complaint_ = "has a power that is not a number";
      return 1;
    }
    skip_blanks();
    if (!text_.empty() && std::string_view("eEdD").find(text_.front()) != std::string_view::npos) {
      text_.remove_prefix(1);
      if (const auto exponent = take_exponent()) {
        return std::pow(10.0, *exponent);
      }
      text_ = before;
      return 1;
    }
    if (take('x') || take('X') || take('*')) {
      skip_blanks();
      if (take_word("10")) {
        const bool raised = take('^') || take_word("**");
        const bool has_sign = !text_.empty() && (text_.front() == '-' || text_.front() == '+');
        if (const auto exponent = raised || has_sign ? take_exponent() : std::nullopt) {
          return std::pow(10.0, *exponent);
        }
      }
      complaint_ = "has a factor that is not a power of ten";
      return 1;
    }
    text_ = before;
    return 1;
  }

  std::optional<double> take_exponent() {
    const auto before = text_;
    const bool bracket = take('(') || take('{');
    skip_blanks();
    const bool negative = take('-');
    if (!negative) {
      take('+');
    }
    std::size_t size = 0;
    while (size < text_.size() && is_digit(text_[size])) {
      ++size;
    }
    const auto exponent = size > 0 && size < 5 ? parse_number(text_.substr(0, size)) : std::nullopt;
    if (!exponent) {
      text_ = before;
      return std::nullopt;
    }
    text_.remove_prefix(size);
    if (bracket && !take(')')) {
      take('}');
    }
    return negative ? -*exponent : *exponent;
  }

  std::string_view text_;
  DecimalMark mark_;
  std::string last_digits_, complaint_;
  bool power_replaces_ = false;
};

/// "03.01.2021", "Mar-03", "1. Mrz": into which spreadsheets convert 3.1, 1-3 and similar.
bool is_date(std::string_view text) {
  static constexpr std::array months = {"jan", "feb", "mar", "apr", "may",        "jun", "jul", "aug", "sep",
                                        "oct", "nov", "dec", "mrz", "m\xC3\xA4r", "mai", "okt", "dez"};
  const auto lower = to_lower(text);
  const bool has_digit = std::any_of(lower.begin(), lower.end(), is_digit);
  const auto letter = std::find_if(lower.begin(), lower.end(), is_letter);
  if (has_digit && letter != lower.end()) {
    const auto word = std::string_view(lower).substr(static_cast<std::size_t>(letter - lower.begin()));
    return lower.size() <= 14 && std::any_of(months.begin(), months.end(),
                                             [&](const char* month) { return word.starts_with(month); });
  }
  std::size_t signs = 0;
  char sign = 0;
  for (std::size_t at = 0; at < lower.size(); ++at) {
    const char c = lower[at];
    if (c == '.' || c == '/' || c == '-') {
      if ((sign != 0 && c != sign) || at == 0 || at + 1 == lower.size()) {
        return false;
      }
      sign = c;
      ++signs;
    } else if (!is_digit(c)) {
      return false;
    }
  }
  return signs == 2 && lower.size() >= 6 && lower.size() <= 10;
}

bool is_error_of_spreadsheet(std::string_view text) {
  return text.starts_with('#') && (text.ends_with('!') || text.ends_with('?'));
}

} // namespace

bool is_placeholder(std::string_view text) {
  static constexpr std::array words = {
      "n/a",  "na",      "n.a.",          "n.a",          "#n/a",         "#na",    "nan",
      "<na>", "none",    "null",          "nil",          "unknown",      "unk",    "n.d.",
      "n.d",  "nd",      "n.r.",          "nr",           "tbd",          "void",   "missing",
      ".",    "not set", "not available", "not reported", "not measured", "(null)", "(none)"};
  const auto plain = plain_text(text);
  const auto bare = to_lower(trim(plain));
  return bare.find_first_not_of("-?_*/ ") == std::string::npos ||
         std::find(words.begin(), words.end(), bare) != words.end();
}

bool is_placeholder_formula(std::string_view text) {
  const auto bare = trim_any_blank(text);
  return bare != "Na" && bare != "Nd" && (is_placeholder(bare) || bare == "0" || bare == "0.0");
}

NumberCell read_number(std::string_view text, DecimalMark mark) {
  const auto plain = plain_text(text);
  const auto bare = trim(plain);
  if (is_placeholder(bare)) {
    return {};
  }
  if (is_date(bare)) {
    return {std::nullopt, "is a date, which spreadsheets make of numbers"};
  }
  if (is_error_of_spreadsheet(bare)) {
    return {std::nullopt, "is an error message of a spreadsheet"};
  }
  return NumberReader(bare, mark).read();
}

NumberColumn::NumberColumn(const CsvTable& table, std::size_t column) : table_(&table), column_(column) {
  bool points = false, commas = false;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const auto& cell = table.cell(row, column);
    if (cell.find_first_of(".,") == std::string::npos) {
      continue;
    }
    const auto plain = plain_text(cell);
    const auto digits = NumberReader::digits_of(trim(plain));
    const auto reading = readings_of(digits);
    if (!reading.is_clear() || digits.find_first_of(".,") == std::string::npos) {
      continue;
    }
    points = points || (!reading.as_point.empty() && reading.as_comma.empty());
    commas = commas || (!reading.as_comma.empty() && reading.as_point.empty());
  }
  if (points != commas) {
    mark_ = points ? DecimalMark::point : DecimalMark::comma;
  } else if (!points && table.separator() != ',') {
    mark_ = DecimalMark::either;
  }
}

NumberCell NumberColumn::read(std::size_t row) const {
  return read_number(table_->cell(row, column_), mark_);
}

void BadCells::add(std::size_t row, std::string_view id, std::string_view text, std::string_view complaint) {
  constexpr std::size_t longest = 60;
  const auto shown = text.size() > longest ? std::string(text.substr(0, longest)) + "..." : std::string(text);
  cells_.push_back(fmt::format("row {}, structure {}: \"{}\" {}", row + 2, id, shown, complaint));
}

void BadCells::require_none(const std::string& table, std::string_view what,
                            std::string_view suggestion) const {
  constexpr std::size_t most = 100;
  if (cells_.empty()) {
    return;
  }
  const std::vector<std::string> shown(
      cells_.begin(), cells_.begin() + static_cast<std::ptrdiff_t>(std::min(most, cells_.size())));
  throw Error(ErrorCode::data,
              fmt::format("{} has {} that cannot be used as {}", table,
                          cells_.size() == 1 ? std::string("a cell") : fmt::format("{} cells", cells_.size()),
                          what),
              fmt::format("{}{}", fmt::join(shown, "; "),
                          cells_.size() > most ? fmt::format("; and {} more", cells_.size() - most) : ""),
              std::string(suggestion));
}

} // namespace ionsift::dataset
