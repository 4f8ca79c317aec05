// SPDX-License-Identifier: BSD-3-Clause
#include "checks.hpp"

#include "cell/lattice.hpp"

#include <algorithm>
#include <array>
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

/// Whether one formula is another one times this number, as pymatgen writes the content of the whole cell.
bool is_multiple(const Composition& formula, int times) {
  constexpr double whole_within = 1e-3;
  return std::ranges::all_of(formula.amounts(), [&](const auto& part) {
    const double share = part.second / times;
    return std::abs(share - std::round(share)) < whole_within;
  });
}

bool has_warning(const Crystal& crystal, std::string_view code) {
  return std::ranges::any_of(crystal.warnings, [&](const std::string& text) {
    return text.starts_with(code) && text.substr(code.size()).starts_with(':');
  });
}

} // namespace

bool holds_declared_content(const Crystal& crystal, const RawStructure& raw) {
  if (!raw.formula) {
    return false;
  }
  const Composition cell = crystal.composition();
  if (raw.formula_units > 1 && agrees(cell, *raw.formula, raw.formula_units)) {
    return true;
  }
  return (raw.formula_units <= 1 || is_multiple(*raw.formula, raw.formula_units)) &&
         agrees(cell, *raw.formula, 1);
}

bool confirms_symmetry(const Crystal& crystal, const RawStructure& raw) {
  return raw.formula && raw.formula_units > 0 &&
         agrees(crystal.composition(), *raw.formula, raw.formula_units);
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

void check_symmetry(const Crystal& crystal, const RawStructure& raw, Strictness strictness) {
  if (strictness == Strictness::tolerant || confirms_symmetry(crystal, raw)) {
    return;
  }
  if (raw.incomplete_list > 0 && !is_group_of_name(raw.operations, raw.space_group, angles_of(raw.lattice))) {
    throw ReadError(
        Error(ErrorCode::data,
              fmt::format("the {} symmetry operators listed do not form a group", raw.incomplete_list),
              fmt::format("their products number {}, and neither a space group nor the declared "
                          "formula and Z confirm these",
                          raw.operations.size()),
              "Complete the list, or read with the tolerant level."),
        raw.operations_line);
  }
  if (has_warning(crystal, "space_group_conflict")) {
    throw Error(
        ErrorCode::data, fmt::format("the cell does not fit the space group {}", raw.space_group.text()),
        "no operators are listed, and as P1 the cell does not hold the declared formula",
        "Correct the cell, list the operators, or read with the tolerant level to have it taken as P1.");
  }
  if (has_warning(crystal, "unknown_space_group")) {
    throw Error(ErrorCode::data, fmt::format("the space group {} is unknown", raw.space_group.text()),
                "no operators are listed, and as P1 the cell does not hold the declared formula",
                "List the operators, or read with the tolerant level to have it taken as P1.");
  }
}

void check_strictly(const Crystal& crystal) {
  // What is left out on purpose, and how symmetry was found, is not a flaw; sums of occupancies were checked
  // before.
  constexpr std::array harmless = {
      "dummy_atoms:", "zero_occupancy:", "symmetry_by_name:", "occupancy_rescaled:", "magnetic_symmetry:"};
  for (const std::string& text : crystal.warnings) {
    IONSIFT_VALIDATE(std::ranges::any_of(harmless, [&](const char* code) { return text.starts_with(code); }),
                     data, text, "the strict level rejects files with such a flaw",
                     "Correct the file, or read with the standard level.");
  }
}

} // namespace ionsift::crystal
