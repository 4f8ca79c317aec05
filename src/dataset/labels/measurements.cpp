// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/labels/measurements.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/labels/conductivities.hpp"
#include "ionsift/dataset/labels/table_columns.hpp"

#include "units.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace ionsift::dataset {

namespace {

/// A quantity whose column is searched, and its names in messages.
struct Quantity {
  std::string_view what;
  std::string_view option; ///< "--temperature" stands for --temperature-column and --temperature-unit
  bool (*is_named)(std::string_view lower_name);
  UnitOf unit_of;
  std::string_view units; ///< valid units, for messages
};

/// "T", "T / K", "Ea_eV": the symbol alone or followed by something other than a letter or digit.
bool is_symbol(std::string_view name, std::string_view symbol) {
  return name.starts_with(symbol) &&
         (name.size() == symbol.size() || !std::isalnum(static_cast<unsigned char>(name[symbol.size()])));
}

bool is_about_a_value(std::string_view name) {
  return std::ranges::none_of(std::array{"error", "uncertainty", "source", "reference"},
                              [&](const char* other) { return name.find(other) != std::string_view::npos; });
}

constexpr Quantity temperature_quantity = {
    "the temperature", "--temperature",
    [](std::string_view name) { return name.starts_with("temperature") || is_symbol(name, "t"); },
    temperature_unit, "K or C"};
constexpr Quantity energy_quantity = {"the activation energy", "--energy",
                                      [](std::string_view name) {
                                        return name.find("activation") != std::string_view::npos ||
                                               is_symbol(name, "ea") || is_symbol(name, "e_a");
                                      },
                                      energy_unit, "eV, meV or kJ/mol"};

struct Column {
  NumberColumn numbers;
  Unit unit;
  UnitOf unit_of;
};

std::optional<std::size_t> find(const CsvTable& table, const Quantity& quantity,
                                const std::string& requested) {
  if (!requested.empty()) {
    return table.column(requested);
  }
  std::vector<std::size_t> named;
  std::vector<std::size_t> with_unit;
  for (std::size_t i = 0; i < table.header().size(); ++i) {
    const auto name = to_lower(trim(table.header()[i]));
    if (quantity.is_named(name) && is_about_a_value(name)) {
      named.push_back(i);
      if (unit_in_name(table.header()[i], quantity.unit_of).unit) {
        with_unit.push_back(i);
      }
    }
  }
  const auto& found = with_unit.empty() ? named : with_unit;
  IONSIFT_VALIDATE(
      found.size() <= 1, missing,
      fmt::format("{} has more than one column for {}", table.name(), quantity.what),
      fmt::format("both \"{}\" and \"{}\" may be meant", table.header()[found[0]], table.header()[found[1]]),
      fmt::format("Name the column with {}-column.", quantity.option));
  return found.empty() ? std::nullopt : std::optional(found.front());
}

std::optional<Column> find_with_unit(const CsvTable& table, const Quantity& quantity,
                                     const std::string& requested, const std::string& unit_text) {
  const auto index = find(table, quantity, requested);
  if (!index) {
    return std::nullopt;
  }
  if (!unit_text.empty()) {
    const auto unit = quantity.unit_of(unit_text);
    IONSIFT_VALIDATE(unit, usage, fmt::format("{}-unit cannot be '{}'", quantity.option, unit_text),
                     fmt::format("expected {}", quantity.units), "Give one of these.");
    return Column{NumberColumn(table, *index), *unit, quantity.unit_of};
  }
  const auto unit = unit_in_name(table.header()[*index], quantity.unit_of).unit;
  IONSIFT_VALIDATE(unit, missing,
                   fmt::format("{}: the unit of \"{}\" is not known", table.name(),
                               valid_utf8(table.header()[*index].substr(0, 100))),
                   fmt::format("the column's name holds none of {}", quantity.units),
                   fmt::format("Give it with {}-unit.", quantity.option));
  return Column{NumberColumn(table, *index), *unit, quantity.unit_of};
}

/// A cell of a column in the stage's unit; nothing where it is unknown or `complaint` says what is wrong.
std::optional<double> value_in(const Column& column, std::size_t row, std::string& complaint) {
  const auto cell = column.numbers.read(row);
  complaint = cell.complaint;
  if (!cell.number) {
    return std::nullopt;
  }
  if (cell.number->unit.empty()) {
    return column.unit.convert(cell.number->value);
  }
  const auto own = column.unit_of(cell.number->unit);
  complaint = !own                  ? "is not a number with a unit that is known"
              : *own != column.unit ? "has another unit than the column"
                                    : "";
  return complaint.empty() ? std::optional(own->convert(cell.number->value)) : std::nullopt;
}

bool is_room_temperature(std::string_view text) {
  const auto lower = to_lower(text);
  return lower == "rt" || lower == "room temperature" || lower == "ambient";
}

/// Reads the rows of a table whose columns have been found.
class RowReader {
public:
  RowReader(const CsvTable& table, const MeasurementOptions& options)
      : table_(table), options_(options), id_(find_id_column(table, options.id_column)),
        conductivity_(table, {options.conductivity_column, options.conductivity_unit}),
        temperature_(find_with_unit(table, temperature_quantity, options.temperature_column,
                                    options.temperature_unit)),
        energy_(find_with_unit(table, energy_quantity, options.energy_column, options.energy_unit)) {}

  const ConductivityColumn& conductivity() const { return conductivity_; }
  const BadCells& bad() const { return bad_; }

  /// Nothing for a row without an id or a conductivity, or with an unusable cell, which is recorded.
  std::optional<Measurement> read(std::size_t row, bool& skipped) {
    Measurement measurement;
    measurement.id = std::string(trim(table_.cell(row, id_)));
    const auto cell = conductivity_.read(row);
    skipped = measurement.id.empty() || (!cell.number && cell.complaint.empty());
    if (skipped) {
      return std::nullopt;
    }
    auto complaint = complaint_about(cell);
    auto column = conductivity_.index();
    if (complaint.empty()) {
      measurement.conductivity = cell.number->value;
      measurement.upper_bound = cell.number->kind == WrittenNumber::Kind::upper_bound;
      column = temperature_ ? temperature_->numbers.index() : column;
      measurement.temperature = temperature(row, complaint);
    }
    if (complaint.empty() && energy_) {
      column = energy_->numbers.index();
      measurement.activation_energy = value_in(*energy_, row, complaint);
    }
    if (!complaint.empty()) {
      bad_.add(row, measurement.id, table_.cell(row, column), complaint);
      return std::nullopt;
    }
    return measurement;
  }

private:
  static std::string complaint_about(const ConductivityCell& cell) {
    if (!cell.number) {
      return cell.complaint;
    }
    if (cell.number->kind == WrittenNumber::Kind::lower_bound) {
      return "is a lower bound, of which no label can be made";
    }
    return cell.number->value > 0 ? ""
                                  : "is not positive: write what is below the detection limit as a bound, as "
                                    "<1E-10";
  }

  std::optional<double> temperature(std::size_t row, std::string& complaint) const {
    const auto other =
        options_.default_temperature ? options_.default_temperature : conductivity_.temperature();
    if (!temperature_) {
      return other;
    }
    const auto text = trim_any_blank(table_.cell(row, temperature_->numbers.index()));
    if (is_room_temperature(text)) {
      return room_temperature;
    }
    const auto kelvin = value_in(*temperature_, row, complaint);
    if (kelvin && !(*kelvin > 0)) {
      complaint = fmt::format("would be {} K; --temperature-unit gives another unit", *kelvin);
    }
    return kelvin || !complaint.empty() ? kelvin : other;
  }

  const CsvTable& table_;
  const MeasurementOptions& options_;
  std::size_t id_;
  ConductivityColumn conductivity_;
  std::optional<Column> temperature_, energy_;
  BadCells bad_;
};

} // namespace

MeasurementTable read_measurements(const std::filesystem::path& path, const MeasurementOptions& options) {
  const auto table = CsvTable::read(path);
  RowReader reader(table, options);
  MeasurementTable result;
  const auto& column = reader.conductivity();
  const auto& heading = table.header()[column.index()];
  if (!column.overridden().empty()) {
    result.remarks.push_back(
        {true, fmt::format("{}: --conductivity-unit {} comes before {}, which the name of "
                           "\"{}\" says",
                           table.name(), column.unit(), column.overridden(), heading)});
  }
  if (!column.conversion().empty()) {
    result.remarks.push_back({false, fmt::format("{}: \"{}\" is in {}, so S/cm is {}", table.name(), heading,
                                                 column.unit(), column.conversion())});
  }
  for (std::size_t row = 0; row < table.size(); ++row) {
    bool skipped = false;
    if (auto measurement = reader.read(row, skipped)) {
      result.measurements.push_back(std::move(*measurement));
    }
    result.skipped += skipped ? 1 : 0;
  }
  reader.bad().require_none(table.name(), "measurements",
                            "Correct them, or leave cells empty where the value is unknown.");
  if (result.skipped > 0) {
    result.remarks.push_back(
        {false, fmt::format("{}: {} rows are skipped, which have no id or no conductivity", table.name(),
                            result.skipped)});
  }
  return result;
}

} // namespace ionsift::dataset
