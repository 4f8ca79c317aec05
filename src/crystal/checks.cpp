#include "checks.hpp"

#include <algorithm>
#include <cmath>

namespace ionsift::crystal {

namespace {

/// Formulas are written with two or three digits, and so are occupancies.
constexpr double relative_tolerance = 0.005;
constexpr double absolute_tolerance = 0.02; ///< atoms of one formula unit as declared

bool agrees(const Composition& cell, const Composition& formula, double units) {
  const auto close = [&](int atomic_number) {
    const double declared = formula.amount(atomic_number) * units;
    const double found = cell.amount(atomic_number);
    return std::abs(found - declared) <= relative_tolerance * declared + absolute_tolerance * units;
  };
  return std::ranges::all_of(cell.amounts(), [&](const auto& part) { return close(part.first); }) &&
         std::ranges::all_of(formula.amounts(), [&](const auto& part) { return close(part.first); });
}

} // namespace

bool holds_declared_content(const Crystal& crystal, const RawStructure& raw) {
  if (!raw.formula) {
    return false;
  }
  const Composition cell = crystal.composition();
  return agrees(cell, *raw.formula, 1) ||
         (raw.formula_units > 0 && agrees(cell, *raw.formula, raw.formula_units));
}

std::optional<std::string> formula_mismatch(const Crystal& crystal, const RawStructure& raw) {
  if (!raw.formula) {
    return std::nullopt;
  }
  const Composition cell = crystal.composition();
  const Composition& formula = *raw.formula;
  if (holds_declared_content(crystal, raw)) {
    return std::nullopt;
  }
  const double ratio = cell.total() / formula.total();
  const double whole = std::max(1.0, std::round(ratio));
  const bool proportional = agrees(cell, formula, whole);
  if (proportional && raw.formula_units == 0) {
    return std::nullopt;
  }
  if (proportional) {
    return fmt::format("the cell holds {:.0f} formula units {}, declared are {}", whole, formula.formula(),
                       raw.formula_units);
  }
  return fmt::format("the cell holds {}, declared is {}{}", cell.formula(), formula.formula(),
                     raw.formula_units > 0 ? fmt::format(" with Z = {}", raw.formula_units) : "");
}

} // namespace ionsift::crystal
