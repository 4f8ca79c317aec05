// SPDX-License-Identifier: BSD-3-Clause
// Conductivities measured at any temperature, and room-temperature labels derived from them.
#pragma once

#include "ionsift/dataset/labels/arrhenius.hpp"
#include "ionsift/dataset/labels/labels.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ionsift::dataset {

/// One line of a table of measurements.
struct Measurement {
  std::string id;
  std::optional<double> temperature;       ///< K; nothing if the table does not give it
  double conductivity = 0;                 ///< S/cm
  bool upper_bound = false;                ///< the source gives "<1E-10"
  std::optional<double> activation_energy; ///< eV, of ln(sigma T), from the source
};

struct MeasurementOptions {
  std::string id_column;           ///< empty: found by name, see find_id_column
  std::string temperature_column;  ///< empty: the one whose name begins with "temperature", or is "T"
  std::string conductivity_column; ///< empty: found by name, see ConductivityColumn
  std::string energy_column; ///< empty: the one whose name contains "activation energy" or is "Ea", if any
  /// K or C. Empty: from the column's name, for example "temperature_K", "T / degC".
  std::string temperature_unit;
  /// As ConductivityOptions::unit.
  std::string conductivity_unit;
  /// eV, meV or kJ/mol. Empty: from the column's name.
  std::string energy_unit;
  /// Temperature in K of rows without one and of tables without such a column; nothing: from the name of the
  /// column of conductivities says ("S/cm at 300 C"), if anything.
  std::optional<double> default_temperature;
};

struct MeasurementTable {
  std::vector<Measurement> measurements; ///< in file order
  std::size_t skipped = 0;               ///< rows without an id or without a conductivity
  std::vector<TableRemark> remarks;
};

/// "RT" and "room temperature" count as 298.15 K.
/// @throws Error missing (file, column, no unit in the name), data naming all cells that
/// cannot be used, usage (an unknown unit)
MeasurementTable read_measurements(const std::filesystem::path& path, const MeasurementOptions& options = {});

/// The origin of a label.
enum class LabelOrigin {
  measured,     ///< at room temperature, within the tolerance
  interpolated, ///< from the Arrhenius line, room temperature lying between those measured
  extrapolated, ///< from the line, or from one value and a given activation energy
  bound,        ///< an upper bound at room temperature or above, where it only holds the better
  none,         ///< undetermined; `reason` explains why
};
std::string_view name_of(LabelOrigin origin);

struct RoomTemperatureLabel {
  std::string id;
  LabelOrigin origin = LabelOrigin::none;
  std::string reason;                 ///< why the origin is `none`, else empty
  std::optional<double> conductivity; ///< S/cm at room temperature; an upper limit if the origin is `bound`
  std::optional<double> log10_error;  ///< standard error of log10(sigma) from the fit
  std::optional<double> activation_energy;       ///< eV, fitted with two temperatures, else as given
  std::optional<double> activation_energy_error; ///< standard error of the fit, eV
  std::optional<double> lowest_temperature;      ///< K, of the measurements with a known temperature
  std::size_t points = 0;                        ///< values in the fit, or in the mean of the measured ones
};

struct RoomTemperatureOptions {
  double temperature = room_temperature; ///< K
  double tolerance = 5.0;                ///< K; values this close count as measured at `temperature`
};

/// A label for each id, in the order in which ids first occur. The measurement nearest to room temperature
/// within the tolerance comes first (several at that temperature: their geometric mean), then the Arrhenius
/// line through all values with at least two temperatures, then a single value with a given activation
/// energy, then bounds. A line along which the conductivity falls with temperature is interpolated on but not
/// extrapolated.
/// @throws Error usage for a temperature or tolerance that is not positive
std::vector<RoomTemperatureLabel> room_temperature_labels(const std::vector<Measurement>& measurements,
                                                          const RoomTemperatureOptions& options = {});

/// A CSV that Labels reads: id, conductivity_S_per_cm, log10_error, origin, reason, activation_energy_eV,
/// activation_energy_error_eV, lowest_temperature_K, points. Unknown values are empty.
void write_labels(const std::filesystem::path& path, const std::vector<RoomTemperatureLabel>& labels);

} // namespace ionsift::dataset
