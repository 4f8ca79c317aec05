// Units that tables of measurements use, by option or in the name of a column.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ionsift::dataset {

/// value in the stage's unit = value * factor + offset, or of 10^value.
struct Unit {
  double factor = 1;
  double offset = 0;
  bool logarithmic = false;

  double convert(double value) const;
};

/// To kelvin: "K", "C", "degC", "celsius". Nothing for any other text.
std::optional<Unit> temperature_unit(std::string_view text);
/// To S/cm: S or ohm^-1, with m or u before it, over cm or m, as "mS/cm", "S cm^-1", "ohm-1 m-1", "S_per_m";
/// all of them also as logarithm, "log10 S/cm". Nothing for any other text.
std::optional<Unit> conductivity_unit(std::string_view text);
/// To eV: "eV", "meV", "kJ/mol".
std::optional<Unit> energy_unit(std::string_view text);

/// The unit in a column's name: what stands in brackets or after a slash, the last words, or the last part of
/// "temperature_K".
using UnitOf = std::optional<Unit> (*)(std::string_view);
std::optional<Unit> unit_in_name(const std::string& name, UnitOf unit_of);

} // namespace ionsift::dataset
