// SPDX-License-Identifier: BSD-3-Clause
#include "units.hpp"

#include "ionsift/base/text.hpp"

#include "plain_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <regex>
#include <vector>

namespace ionsift::dataset {

namespace {

using Scale = Unit::Scale;

/// Longer names and units are ignored: no unit is that long.
constexpr std::size_t longest = 256;

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

bool is_alphanumeric(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

/// Words for units as their symbols: "millisiemens per centimetre" is "mS/cm". Letter case stays, because mS
/// and MS differ.
std::string with_symbols(std::string_view text) {
  using Word = std::pair<std::regex, const char*>;
  static const auto word = [](const char* pattern) {
    return std::regex(pattern, std::regex::ECMAScript | std::regex::icase);
  };
  static const std::array words = {
      Word{word("millisiemens"), "mS"},          Word{word("microsiemens"), "uS"},
      Word{word("nanosiemens"), "nS"},           Word{word("siemens"), "S"},
      Word{word("mhos?(?![a-z])"), "S"},         Word{word("ohms?(?![a-z])"), "ohm"},
      Word{word("cent[ie]+met(re|er)s?"), "cm"}, Word{word("met(re|er)s?(?![a-z])"), "m"},
      Word{word("[_ ]+per[_ ]+"), "/"}};
  auto plain = plain_text(text);
  for (const auto& [pattern, symbol] : words) {
    plain = std::regex_replace(plain, pattern, symbol);
  }
  return plain;
}

/// A unit without the signs by which spellings differ: "S cm^-1", "S/cm" and "S.cm-1" are all "S/cm".
std::string normalized(std::string_view text) {
  std::string unit = with_symbols(text);
  std::erase_if(unit,
                [](char c) { return std::string_view(" _^()[]{}*.").find(c) != std::string_view::npos; });
  unit = replaced(replaced(replaced(unit, "ohmcm-1", "S/cm"), "ohmmm-1", "S/mm"), "ohmm-1", "S/m");
  if (unit.starts_with("1/ohm")) { // 1/(ohm cm), whose brackets are gone, and 1/ohm/cm
    unit = "S/" + unit.substr(unit.starts_with("1/ohm/") ? 6 : 5);
  }
  unit = replaced(unit, "ohm-1", "S");
  unit = replaced(unit, "cm-1", "/cm");
  unit = replaced(unit, "mm-1", "/mm");
  unit = replaced(unit, "Sm-1", "S/m");
  return replaced(unit, "//", "/");
}

/// The power of ten that a unit begins with: "10^-3 S/cm", "x 10-3", "1e-3".
std::optional<double> take_power(std::string& unit) {
  static const std::regex power(
      R"(^\s*[(\[]?\s*[xX*]?\s*(?:10\s*(?:\^|\*\*)\s*[({]?\s*([+-]?\d{1,2})\s*[)}]?|10\s*([+-]\d{1,2})|1(?:\.0*)?[eE]([+-]?\d{1,2}))\s*[xX*.]?\s*(?![\d.]))");
  std::smatch match;
  if (!std::regex_search(unit, match, power)) {
    return std::nullopt;
  }
  std::string exponent;
  for (std::size_t group = 1; group <= 3; ++group) {
    exponent += match[group].str();
  }
  unit = match.suffix().str();
  return std::pow(10.0, parse_number(exponent).value_or(0));
}

/// The logarithm that a unit begins with.
std::optional<Scale> take_logarithm(std::string& unit) {
  static const std::regex logarithm(R"(^\s*(-|minus\s+|neg(?:ative)?\s+)?\s*(log_?10|log|lg|ln)(?![a-z]))",
                                    std::regex::ECMAScript | std::regex::icase);
  std::smatch match;
  if (!std::regex_search(unit, match, logarithm)) {
    return std::nullopt;
  }
  const bool negative = match[1].matched;
  const bool natural = equal_ignoring_case(match[2].str(), "ln");
  if (negative && natural) {
    return std::nullopt;
  }
  unit = match.suffix().str();
  return natural ? Scale::ln : negative ? Scale::minus_log10 : Scale::log10;
}

/// The factor to S/cm of a unit without powers and logarithms.
std::optional<double> siemens_per_cm(std::string_view text) {
  static const std::map<std::string, double, std::less<>> prefixes = {
      {"", 1}, {"m", 1e-3}, {"u", 1e-6}, {"n", 1e-9}, {"p", 1e-12}};
  static const std::map<std::string, double, std::less<>> lengths = {
      {"/cm", 1}, {"/CM", 1}, {"cm", 1}, {"/m", 1e-2}, {"/mm", 10}};
  const auto unit = normalized(text);
  const auto at = unit.find_first_of("Ss");
  if (at == std::string::npos) {
    return std::nullopt;
  }
  const auto prefix = prefixes.find(unit.substr(0, at));
  const auto length = lengths.find(unit.substr(at + 1));
  if (prefix == prefixes.end() || length == lengths.end()) {
    return std::nullopt;
  }
  return prefix->second * length->second;
}

/// 0.001, and not 0.0010000000000000002.
double rounded(double factor) {
  return parse_number(fmt::format("{:.12g}", factor)).value_or(factor);
}

/// The logarithm that a text mentions, if any.
struct Logarithm {
  std::optional<Scale> scale;
  std::string doubt;
};

Logarithm logarithm_in(const std::string& name) {
  static const std::regex spoken(
      R"((-\s*|minus\s+|neg(?:ative)?\s+)?(?:^|[^a-z0-9]|_)?(log_?10|log_?\(10\)|log(?:arithms?|arithmic)?|lg|ln)(?=sigma|[^a-z]|$))",
      std::regex::ECMAScript | std::regex::icase);
  for (std::sregex_iterator match(name.begin(), name.end(), spoken), end; match != end; ++match) {
    const auto word = static_cast<std::size_t>(match->position(2));
    if (word > 0 && std::isalpha(static_cast<unsigned char>(name[word - 1])) != 0) {
      continue; // the end of another word
    }
    const bool natural = equal_ignoring_case((*match)[2].str(), "ln");
    if (!(*match)[1].matched) {
      return {natural ? Scale::ln : Scale::log10, {}};
    }
    const auto before = trim(std::string_view(name).substr(0, static_cast<std::size_t>(match->position(1))));
    const bool dash = (*match)[1].str().starts_with('-');
    if (natural || (dash && !before.empty() &&
                    std::string_view("([{:,;=").find(before.back()) == std::string_view::npos)) {
      return {std::nullopt, "the sign before the logarithm may be a minus or a dash"};
    }
    return {Scale::minus_log10, {}};
  }
  return {};
}

std::optional<double> temperature_in(const std::string& name) {
  static const std::regex number(
      R"((?:^|[^A-Za-z0-9.^+-])T?\s*=?\s*(-?\d{1,4}(?:\.\d+)?)\s*(K|C|deg\s*C)(?![A-Za-z0-9^]))");
  static const std::regex room(
      R"((?:^|[^A-Za-z0-9])(RT|r\.t\.|room[ _-]?temp(?:erature)?|ambient)(?![A-Za-z0-9]))",
      std::regex::ECMAScript | std::regex::icase);
  std::smatch match;
  if (std::regex_search(name, match, number)) {
    const double value = parse_number(match[1].str()).value_or(0);
    const double kelvin = match[2].str() == "K" ? value : value + 273.15;
    return kelvin > 0 ? std::optional(kelvin) : std::nullopt;
  }
  return std::regex_search(name, room) ? std::optional(298.15) : std::nullopt;
}

/// Why the text around a unit makes it ambiguous.
std::string doubt_about(const std::string& before, const std::string& after) {
  static const std::regex power(
      R"((?:^|[^A-Za-z0-9.])(?:\d+[eE][+-]?\d|10\s*(?:\^|\*\*|[+-]\s*\d)|[xX*]\s*10|1000))");
  static const std::regex product(
      R"(sigma\s*\*?\s*T(?![A-Za-z])|(?:^|[^A-Za-z0-9])T\s*\*?\s*sigma|conductivity\s*[*x]\s*T(?![A-Za-z]))");
  static const std::regex kelvin_after(R"(^\s*[*.]?\s*K(?![A-Za-z]))");
  static const std::regex kelvin_before(R"((?:[\[(/]|^)\s*K\s*[*.]?\s*$)");
  static const std::regex further(R"(^\s*(?:[\^/]|\*|-\s*\d))");
  if (std::regex_search(before, power) || std::regex_search(after, power)) {
    return "it also holds a power of ten, of which it is not clear whether values are to be multiplied or "
           "divided by it";
  }
  if (std::regex_search(before + " " + after, product) || std::regex_search(after, kelvin_after) ||
      std::regex_search(before, kelvin_before)) {
    return "it is a product with the temperature";
  }
  if (std::regex_search(after, further)) {
    return "the unit is followed by unknown text";
  }
  if (before.find('%') != std::string::npos || after.find('%') != std::string::npos) {
    return "it holds a per cent sign";
  }
  return {};
}

struct Part {
  std::size_t begin = 0, end = 0;
};

/// The longest parts of a name between bounds of words that are units and do not overlap, the longest first.
std::vector<Part> units_in(const std::string& name, UnitOf unit_of) {
  std::vector<std::size_t> begins, ends;
  for (std::size_t at = 0; at <= name.size(); ++at) {
    const bool before = at > 0 && is_alphanumeric(name[at - 1]);
    const bool after = at < name.size() && is_alphanumeric(name[at]);
    if (after && !before) {
      begins.push_back(at);
    }
    if (before && !after) {
      ends.push_back(at);
    }
  }
  std::vector<Part> parts;
  constexpr std::size_t longest_unit = 40;
  for (const auto begin : begins) {
    for (const auto end : ends) {
      if (end > begin && end - begin <= longest_unit && unit_of(name.substr(begin, end - begin))) {
        parts.push_back({begin, end});
      }
    }
  }
  std::ranges::stable_sort(parts, std::greater<>(), [](const Part& part) { return part.end - part.begin; });
  std::vector<Part> apart;
  for (const auto& part : parts) {
    if (std::ranges::none_of(
            apart, [&](const Part& other) { return part.begin < other.end && other.begin < part.end; })) {
      apart.push_back(part);
    }
  }
  return apart;
}

} // namespace

double Unit::convert(double value) const {
  switch (scale) {
  case Scale::log10:
    value = std::pow(10.0, value);
    break;
  case Scale::minus_log10:
    value = std::pow(10.0, -value);
    break;
  case Scale::ln:
    value = std::exp(value);
    break;
  case Scale::linear:
    break;
  }
  return value * factor + offset;
}

std::string Unit::describe() const {
  const char* power = scale == Scale::log10         ? "10^value"
                      : scale == Scale::minus_log10 ? "10^-value"
                      : scale == Scale::ln          ? "e^value"
                                                    : "value";
  std::string text = power;
  text += factor == 1 ? "" : fmt::format(" x {:g}", factor);
  text += offset == 0 ? "" : fmt::format(" + {:g}", offset);
  return text == "value" ? "" : text;
}

std::optional<Unit> temperature_unit(std::string_view text) {
  const auto unit = to_lower(normalized(text.substr(0, longest)));
  if (unit == "k" || unit == "kelvin" || unit == "degk") {
    return Unit{};
  }
  if (unit == "c" || unit == "degc" || unit == "celsius" || unit == "degcelsius") {
    return Unit{1, 273.15, Scale::linear};
  }
  return std::nullopt;
}

std::optional<Unit> conductivity_unit(std::string_view text) {
  if (text.size() > longest) {
    return std::nullopt;
  }
  std::string unit = plain_text(text);
  Unit found;
  if (const auto scale = take_logarithm(unit)) {
    found.scale = *scale;
  }
  const auto power = take_power(unit);
  const bool opens = power && !unit.empty() && (unit.front() == '(' || unit.front() == '[');
  if (opens && unit.find_first_of(")]") == std::string::npos) {
    return std::nullopt; // "sigma x 10^3 (S/cm": the power is not part of the unit
  }
  const auto factor = siemens_per_cm(unit);
  if (!factor) {
    return std::nullopt;
  }
  found.factor = rounded(*factor * power.value_or(1));
  return found;
}

std::optional<Unit> energy_unit(std::string_view text) {
  const auto unit = normalized(text.substr(0, longest));
  if (unit == "eV") {
    return Unit{};
  }
  if (unit == "meV") {
    return Unit{1e-3, 0, Scale::linear};
  }
  if (to_lower(unit) == "kj/mol" || to_lower(unit) == "kjmol-1") {
    return Unit{1 / 96.48533212, 0, Scale::linear}; // Faraday's constant, kJ/mol for 1 eV
  }
  return std::nullopt;
}

NameUnit unit_in_name(std::string_view text, UnitOf unit_of) {
  NameUnit found;
  if (text.size() > longest) {
    return found;
  }
  const std::string name = with_symbols(text);
  const bool conducts = unit_of == &conductivity_unit;
  const auto parts = units_in(name, unit_of);
  if (conducts) {
    found.temperature = temperature_in(name);
  }
  if (parts.empty()) {
    return found;
  }
  const auto spelling = [&](const Part& part) { return name.substr(part.begin, part.end - part.begin); };
  found.spelling = spelling(parts.front());
  found.unit = unit_of(found.spelling);
  if (!conducts) { // of "T (K)" the last words count, which the longest part holds
    found.unit = unit_of(spelling(*std::ranges::max_element(parts, {}, &Part::end)));
    return found;
  }
  for (const auto& part : parts) {
    if (unit_of(spelling(part)) != found.unit) {
      found.doubt = fmt::format("it holds both {} and {}", found.spelling, spelling(part));
    }
  }
  const auto& part = parts.front();
  const auto logarithm = logarithm_in(name);
  if (found.doubt.empty()) {
    found.doubt = logarithm.doubt.empty() ? doubt_about(name.substr(0, part.begin), name.substr(part.end))
                                          : logarithm.doubt;
  }
  if (!found.doubt.empty()) {
    found.unit.reset();
  } else if (logarithm.scale) {
    found.unit->scale = *logarithm.scale;
    const char* word = *logarithm.scale == Scale::log10         ? "log10 "
                       : *logarithm.scale == Scale::minus_log10 ? "-log10 "
                                                                : "ln ";
    if (!conductivity_unit(found.spelling)->is_logarithmic()) {
      found.spelling = word + found.spelling;
    }
  }
  return found;
}

} // namespace ionsift::dataset
