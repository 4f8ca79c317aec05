// SPDX-License-Identifier: BSD-3-Clause
// Reading of conductivities from tables: their column, its unit, and the cells.
#pragma once

#include "ionsift/base/csv.hpp"
#include "ionsift/dataset/labels/written_number.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace ionsift::dataset {

struct ConductivityOptions {
  std::string column; ///< empty: found by name, see ConductivityColumn
  /// As conductivity_unit reads it: "mS/cm", "S/m", "10^-3 S/cm", "log10 S/cm". Empty: from the column's
  /// name, or from the text after the numbers.
  std::string unit;
};

/// One cell: a conductivity in S/cm, unknown, or a complaint.
struct ConductivityCell {
  std::optional<WrittenNumber> number; ///< value and uncertainty in S/cm, bounds turned where logarithms fall
  std::string complaint;
};

/// A column of conductivities.
///
/// It is the requested one, otherwise the only one whose name mentions a conductivity ("conductivity",
/// "sigma") and names a unit; of several, the only one in plain S/cm. The unit is the requested one, which
/// overrides the one in the name, else the one in the name, else the one that every number of the column
/// is followed by. A unit after a number that differs from the column's makes that cell unreadable.
class ConductivityColumn {
public:
  /// @throws Error missing (no column, more than one, or no reliable unit), usage (an option
  /// that is not a unit)
  ConductivityColumn(const CsvTable& table, const ConductivityOptions& options);
  ~ConductivityColumn();
  ConductivityColumn(ConductivityColumn&&) noexcept;
  ConductivityColumn& operator=(ConductivityColumn&&) noexcept;

  std::size_t index() const;
  /// The unit as text: "mS/cm".
  const std::string& unit() const;
  /// The conversion to S/cm, "value x 0.001"; empty if values are used unchanged.
  std::string conversion() const;
  /// The unit in the column's name if another one was requested; empty if both agree.
  const std::string& overridden() const;
  /// Temperature of the measurements in K, if the name of the column gives one.
  std::optional<double> temperature() const;
  bool is_logarithmic() const;
  ConductivityCell read(std::size_t row) const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Values above this, in S/cm, are implausible for an ionic conductor at room temperature.
inline constexpr double suspicious_conductivity = 1.0;

/// Whether a column's name means conductivities: "conductivity", "sigma", but not of their errors,
/// sources or of electrons alone.
bool names_conductivity(const std::string& column);

} // namespace ionsift::dataset
