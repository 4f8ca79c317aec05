// SPDX-License-Identifier: BSD-3-Clause
// The one reader of conductivities: which column of a table has them, in which unit, and what a cell says.
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
  /// name, or from what stands behind the numbers.
  std::string unit;
};

/// One cell: a conductivity in S/cm, nothing that is known, or what is wrong with it.
struct ConductivityCell {
  std::optional<WrittenNumber> number; ///< value and uncertainty in S/cm, bounds turned where logarithms fall
  std::string complaint;
};

/// A column of conductivities.
///
/// It is the one that is asked for, else the only one whose name speaks of a conductivity ("conductivity",
/// "sigma") and names a unit; of several, the only one in plain S/cm. The unit is the one asked for, which
/// comes before the one in the name, else the one in the name, else the one that every number of the column
/// has behind it. A unit behind a number that is another than the column's makes that cell unreadable.
class ConductivityColumn {
public:
  /// @throws Error missing (no column, more than one, or no unit that can be relied on), usage (an option
  /// that is not a unit)
  ConductivityColumn(const CsvTable& table, const ConductivityOptions& options);
  ~ConductivityColumn();
  ConductivityColumn(ConductivityColumn&&) noexcept;
  ConductivityColumn& operator=(ConductivityColumn&&) noexcept;

  std::size_t index() const;
  /// The unit in words: "mS/cm".
  const std::string& unit() const;
  /// How a conductivity in S/cm follows, "value x 0.001"; empty where values are taken as they are.
  std::string conversion() const;
  /// The unit in the column's name where another one was asked for; empty where both agree.
  const std::string& overridden() const;
  /// K, where the name of the column tells at which temperature its values were measured.
  std::optional<double> temperature() const;
  bool is_logarithmic() const;
  ConductivityCell read(std::size_t row) const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Above this, in S/cm, values are hardly those of an ionic conductor at room temperature.
inline constexpr double suspicious_conductivity = 1.0;

/// Whether a column's name speaks of conductivities: "conductivity", "sigma", but not of their errors,
/// sources or of electrons alone.
bool names_conductivity(const std::string& column);

} // namespace ionsift::dataset
