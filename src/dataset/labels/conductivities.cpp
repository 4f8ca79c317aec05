// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/labels/conductivities.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"

#include "plain_text.hpp"
#include "units.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace ionsift::dataset {

namespace {

constexpr const char* known_units =
    "S/cm, mS/cm, uS/cm, S/m, mS/m, ohm^-1 cm^-1, 10^-3 S/cm, log10 S/cm or -log10 S/cm";

std::size_t find_column(const CsvTable& table) {
  std::vector<std::size_t> named, with_unit, plain;
  for (std::size_t i = 0; i < table.header().size(); ++i) {
    const auto& name = table.header()[i];
    if (!names_conductivity(name)) {
      continue;
    }
    named.push_back(i);
    const auto unit = unit_in_name(name, &conductivity_unit).unit;
    if (unit) {
      with_unit.push_back(i);
      if (*unit == Unit{}) {
        plain.push_back(i);
      }
    }
  }
  const auto& found = plain.size() == 1 ? plain : with_unit.empty() ? named : with_unit;
  IONSIFT_VALIDATE(!found.empty(), missing, fmt::format("{} has no column of conductivities", table.name()),
                   fmt::format("looked for a name with \"conductivity\" or \"sigma\" and a unit; its columns "
                               "are {}",
                               fmt::join(table.header(), ", ")),
                   "Name the column with --conductivity-column.");
  IONSIFT_VALIDATE(
      found.size() == 1, missing, fmt::format("{} has more than one column of conductivities", table.name()),
      fmt::format("both \"{}\" and \"{}\" may be meant", table.header()[found[0]], table.header()[found[1]]),
      "Name the column with --conductivity-column.");
  return found.front();
}

/// The unit behind the first number of a column that has one.
std::string unit_behind(const NumberColumn& numbers, std::size_t rows) {
  for (std::size_t row = 0; row < rows; ++row) {
    const auto cell = numbers.read(row);
    if (cell.number && !cell.number->unit.empty() && conductivity_unit(cell.number->unit)) {
      return cell.number->unit;
    }
  }
  return {};
}

} // namespace

bool names_conductivity(const std::string& column) {
  const auto name = to_lower(plain_text(column));
  const auto has = [&](const char* word) { return name.find(word) != std::string::npos; };
  static constexpr std::array others = {"error",  "uncertainty", "source", "reference", "thermal",
                                        "method", "deviation",   "doi",    "electronic"};
  return (has("conductivity") || has("sigma")) && std::none_of(others.begin(), others.end(), has);
}

struct ConductivityColumn::State {
  NumberColumn numbers;
  Unit unit;
  std::string spelling, overridden;
  std::optional<double> temperature;
  bool from_cells = false;
};

ConductivityColumn::ConductivityColumn(const CsvTable& table, const ConductivityOptions& options) {
  const auto index = options.column.empty() ? find_column(table) : table.column(options.column);
  const auto& name = table.header()[index];
  const auto named = unit_in_name(name, &conductivity_unit);
  state_ = std::make_unique<State>(State{NumberColumn(table, index), {}, {}, {}, named.temperature, false});
  if (!options.unit.empty()) {
    const auto asked = conductivity_unit(options.unit);
    IONSIFT_VALIDATE(asked, usage, fmt::format("--conductivity-unit cannot be '{}'", options.unit),
                     fmt::format("expected {}", known_units), "Give one of these.");
    state_->unit = *asked;
    state_->spelling = options.unit;
    state_->overridden = named.unit && *named.unit == *asked ? "" : named.spelling;
    return;
  }
  IONSIFT_VALIDATE(named.doubt.empty(), missing,
                   fmt::format("{}: the unit of \"{}\" is not clear", table.name(), name), named.doubt,
                   "Give it with --conductivity-unit, as \"mS/cm\" or \"10^-3 S/cm\".");
  state_->unit = named.unit.value_or(Unit{});
  state_->spelling = named.spelling;
  if (!named.unit) {
    state_->spelling = unit_behind(state_->numbers, table.size());
    state_->from_cells = true;
    IONSIFT_VALIDATE(
        !state_->spelling.empty(), missing,
        fmt::format("{}: the unit of \"{}\" is not known", table.name(), valid_utf8(name.substr(0, 100))),
        fmt::format("neither its name nor its cells hold one of {}", known_units),
        "Give it with --conductivity-unit.");
    state_->unit = *conductivity_unit(state_->spelling);
  }
}

ConductivityColumn::~ConductivityColumn() = default;
ConductivityColumn::ConductivityColumn(ConductivityColumn&&) noexcept = default;
ConductivityColumn& ConductivityColumn::operator=(ConductivityColumn&&) noexcept = default;

std::size_t ConductivityColumn::index() const {
  return state_->numbers.index();
}

const std::string& ConductivityColumn::unit() const {
  return state_->spelling;
}

std::string ConductivityColumn::conversion() const {
  return state_->unit.describe();
}

const std::string& ConductivityColumn::overridden() const {
  return state_->overridden;
}

std::optional<double> ConductivityColumn::temperature() const {
  return state_->temperature;
}

bool ConductivityColumn::is_logarithmic() const {
  return state_->unit.is_logarithmic();
}

ConductivityCell ConductivityColumn::read(std::size_t row) const {
  auto cell = state_->numbers.read(row);
  if (!cell.number) {
    return {std::nullopt, std::move(cell.complaint)};
  }
  auto& number = *cell.number;
  auto unit = state_->unit;
  if (!number.unit.empty()) {
    const auto own = conductivity_unit(number.unit);
    if (!own) {
      return {std::nullopt, "is not a number with a unit of conductivity"};
    }
    if (!state_->from_cells && *own != state_->unit) {
      return {std::nullopt, fmt::format("has another unit than the column, {}", state_->spelling)};
    }
    unit = *own;
  } else if (state_->from_cells) {
    return {std::nullopt, "has no unit, unlike other cells of the column"};
  }
  if (number.value < 0 && !unit.is_logarithmic()) {
    return {std::nullopt, "is negative, and the unit does not name a logarithm (log10 S/cm)"};
  }
  number.value = unit.convert(number.value);
  number.uncertainty *= unit.is_logarithmic() ? std::numeric_limits<double>::quiet_NaN() : unit.factor;
  if (unit.scale == Unit::Scale::minus_log10 && number.kind != WrittenNumber::Kind::value) {
    number.kind = number.kind == WrittenNumber::Kind::upper_bound ? WrittenNumber::Kind::lower_bound
                                                                  : WrittenNumber::Kind::upper_bound;
  }
  constexpr double best_conductor = 1e9; // S/cm; metals have 1e6 at most
  if (!(number.value <= best_conductor)) {
    return {std::nullopt, fmt::format("would be {:g} S/cm, more than any material", number.value)};
  }
  return {number, {}};
}

} // namespace ionsift::dataset
