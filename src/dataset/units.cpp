#include "units.hpp"

#include "ionsift/base/text.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <vector>

namespace ionsift::dataset {

namespace {

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

/// One spelling of many: "S cm^-1", "S_per_cm", "Ω-1 cm-1" all become "S/cm". The letter case stays, because
/// mS and MS differ.
std::string normalized(std::string_view text) {
  std::string unit(trim(text));
  for (const char* ohm : {"\xCE\xA9", "\xE2\x84\xA6", "Ohm"}) { // Greek omega, ohm sign
    unit = replaced(unit, ohm, "ohm");
  }
  unit = replaced(replaced(unit, "\xE2\x88\x92", "-"), "\xC2\xB5", "u");         // minus sign, micro sign
  unit = replaced(replaced(unit, "\xCE\xBC", "u"), "\xC2\xB0", "");              // Greek mu, degree sign
  unit = replaced(replaced(unit, "\xC2\xB7", ""), "\xE2\x81\xBB\xC2\xB9", "-1"); // middle dot, superscript -1
  unit = replaced(unit, "_per_", "/");
  unit = replaced(unit, " per ", "/");
  std::erase_if(unit,
                [](char c) { return c == ' ' || c == '_' || c == '^' || c == '(' || c == ')' || c == '*'; });
  unit = replaced(replaced(unit, "ohmcm-1", "S/cm"), "ohmm-1", "S/m"); // (ohm cm)^-1
  unit = replaced(replaced(unit, "1/ohm", "S"), "ohm-1", "S");
  return replaced(replaced(unit, "cm-1", "/cm"), "Sm-1", "S/m");
}

} // namespace

double Unit::convert(double value) const {
  return (logarithmic ? std::pow(10.0, value) : value) * factor + offset;
}

std::optional<Unit> temperature_unit(std::string_view text) {
  const auto unit = to_lower(normalized(text));
  if (unit == "k" || unit == "kelvin") {
    return Unit{};
  }
  if (unit == "c" || unit == "degc" || unit == "celsius" || unit == "\xE2\x84\x83") { // degree Celsius sign
    return Unit{1, 273.15, false};
  }
  return std::nullopt;
}

std::optional<Unit> conductivity_unit(std::string_view text) {
  auto unit = normalized(text);
  Unit found;
  for (const std::string_view prefix : {"log10", "log"}) {
    if (unit.starts_with(prefix)) {
      unit.erase(0, prefix.size());
      found.logarithmic = true;
      break;
    }
  }
  static const std::map<std::string, double, std::less<>> factors = {
      {"S/cm", 1}, {"mS/cm", 1e-3}, {"uS/cm", 1e-6}, {"S/m", 1e-2}, {"mS/m", 1e-5}, {"uS/m", 1e-8}};
  const auto known = factors.find(unit);
  if (known == factors.end()) {
    return std::nullopt;
  }
  found.factor = known->second;
  return found;
}

std::optional<Unit> energy_unit(std::string_view text) {
  const auto unit = normalized(text);
  if (unit == "eV") {
    return Unit{};
  }
  if (unit == "meV") {
    return Unit{1e-3, 0, false};
  }
  if (to_lower(unit) == "kj/mol" || to_lower(unit) == "kjmol-1") {
    return Unit{1 / 96.48533212, 0, false}; // Faraday's constant, kJ/mol for 1 eV
  }
  return std::nullopt;
}

std::optional<Unit> unit_in_name(const std::string& name, UnitOf unit_of) {
  // Logarithms are told by the beginning of the name, their unit stands at its end.
  const auto lower = to_lower(trim(name));
  const std::string logarithm =
      lower.starts_with("log10") || lower.starts_with("log ") || lower.starts_with("log(") ? "log10" : "";
  // A longer ending comes before a shorter one, so that "(mS cm-1)" is not read as "S cm-1".
  // No unit is longer; trying every ending of a name of a million letters would not end.
  constexpr std::size_t longest = 64;
  for (std::size_t at = name.size() > longest ? name.size() - longest : 1; at < name.size(); ++at) {
    const bool begins_word = !std::isalnum(static_cast<unsigned char>(name[at - 1]));
    if (!begins_word) {
      continue;
    }
    std::string ending = name.substr(at);
    std::erase_if(ending, [](char c) { return c == '[' || c == ']'; });
    if (const auto unit = unit_of(logarithm + ending)) {
      return unit;
    }
  }
  return std::nullopt;
}

} // namespace ionsift::dataset
