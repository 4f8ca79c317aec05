// SPDX-License-Identifier: BSD-3-Clause
#include "numeral.hpp"

#include "ionsift/base/text.hpp"

#include <algorithm>
#include <cmath>

namespace ionsift::crystal {

namespace {

/// The distance to the fraction that `value` is a rounding or truncation of to `digits` decimals (zeros at
/// the end not counted; `decimals` counts them), else 0.
double distance_to_repeating_fraction(double value, int digits, int decimals) {
  // Two digits padded with zeros are more likely exact.
  if (digits < 2 || (digits == 2 && decimals > 2)) {
    return 0;
  }
  const double unit = std::pow(10.0, -digits);
  for (const int denominator : {3, 6, 12, 24}) {
    const double fraction = std::round(value * denominator) / denominator;
    const double distance = std::abs(value - fraction);
    const double scaled = fraction / unit;
    const bool repeats = std::abs(scaled - std::round(scaled)) > 1e-3;
    // With two digits only thirds and sixths are common enough to be intended.
    if (repeats && distance < unit && (digits > 2 || denominator <= 6)) {
      return distance;
    }
  }
  return 0;
}

std::optional<double> parse_fraction(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) {
    return std::nullopt;
  }
  const auto numerator = parse_number(text.substr(0, slash));
  const auto denominator = parse_number(text.substr(slash + 1));
  if (!numerator || !denominator || *denominator == 0) {
    return std::nullopt;
  }
  const double value = *numerator / *denominator;
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

/// "(2)" after three decimals is 0.002; 0 if there is none.
double parse_uncertainty(std::string_view text, int decimals) {
  const auto bracket = text.find('(');
  if (bracket == std::string_view::npos) {
    return 0;
  }
  const std::string_view digits = text.substr(bracket + 1, text.size() - bracket - 2);
  const auto value = parse_number(digits);
  const bool scaled = digits.find('.') == std::string_view::npos;
  return value && *value > 0 ? *value * (scaled ? std::pow(10.0, -decimals) : 1.0) : 0.0;
}

} // namespace

std::optional<Numeral> parse_numeral(std::string_view text) {
  text = trim(text);
  const auto bracket = text.find('(');
  const std::string_view number = trim(text.substr(0, bracket));
  if (bracket != std::string_view::npos && text.back() != ')') {
    return std::nullopt;
  }
  const auto value = parse_number(number);
  if (!value) {
    const auto fraction = parse_fraction(number);
    return fraction ? std::optional(Numeral{*fraction, 0}) : std::nullopt;
  }
  const auto point = number.find('.');
  if (number.find_first_of("eE") != std::string_view::npos) {
    return Numeral{*value, 0};
  }
  if (point == std::string_view::npos) {
    return Numeral{*value, 0, parse_uncertainty(text, 0)};
  }
  const int decimals = static_cast<int>(number.size() - point - 1);
  const auto last = number.find_last_not_of('0');
  const int significant = last <= point ? 0 : static_cast<int>(last - point);
  const double half_unit = decimals >= 3 ? 0.5 * std::pow(10.0, -decimals) : 0.0;
  return Numeral{*value, std::max(half_unit, distance_to_repeating_fraction(*value, significant, decimals)),
                 parse_uncertainty(text, decimals)};
}

bool is_unknown(std::string_view text) {
  text = trim(text);
  return text.empty() || text == "?" || text == ".";
}

} // namespace ionsift::crystal
