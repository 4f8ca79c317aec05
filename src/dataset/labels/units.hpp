// SPDX-License-Identifier: BSD-3-Clause
// Units that tables of measurements use, by option, in the name of a column or behind a number.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ionsift::dataset {

/// value in the stage's unit = value * factor + offset, or of a power for logarithms.
struct Unit {
  enum class Scale { linear, log10, minus_log10, ln };

  double factor = 1;
  double offset = 0;
  Scale scale = Scale::linear;

  double convert(double value) const;
  bool is_logarithmic() const { return scale != Scale::linear; }
  bool operator==(const Unit&) const = default;
  /// "10^value x 0.001"; empty if values are used unchanged.
  std::string describe() const;
};

/// To kelvin: "K", "C", "degC", "celsius". Nothing for any other text.
std::optional<Unit> temperature_unit(std::string_view text);
/// To S/cm: S or ohm^-1, with m, u, n or p before it, over mm, cm or m, as "mS/cm", "S cm^-1", "ohm-1 m-1",
/// "S_per_m"; with a power of ten before it, "10^-3 S/cm", "x10-3 S cm-1"; all of them also as logarithm,
/// "log10 S/cm", "-log10 (S/cm)", "ln S/cm". Nothing for any other text.
std::optional<Unit> conductivity_unit(std::string_view text);
/// To eV: "eV", "meV", "kJ/mol".
std::optional<Unit> energy_unit(std::string_view text);

/// The unit and temperature in a column's name.
struct NameUnit {
  std::optional<Unit> unit;          ///< nothing if none is named, or if the name is contradictory
  std::string spelling;              ///< spelling of the unit in the name
  std::string doubt;                 ///< why the named unit is unreliable; empty if it is reliable
  std::optional<double> temperature; ///< K, from "at 300 C", "(RT)"
};

using UnitOf = std::optional<Unit> (*)(std::string_view);
/// The unit in a column's name, whose spelling is the longest part of the name that is one. A conductivity's
/// name may also state that its values are logarithms, and a temperature.
NameUnit unit_in_name(std::string_view name, UnitOf unit_of);

} // namespace ionsift::dataset
