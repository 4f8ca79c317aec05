#include "ionsift/dataset/measurements.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/columns.hpp"

#include "units.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace ionsift::dataset {

namespace {

/// What kind of column is looked for, and how it is talked about.
struct Quantity {
  std::string_view what;
  std::string_view option; ///< "--temperature" stands for --temperature-column and --temperature-unit
  bool (*is_named)(std::string_view lower_name);
  UnitOf unit_of;
  std::string_view units; ///< that exist, for messages
};

/// "T", "T / K", "Ea_eV": the symbol alone or followed by what is no letter or digit.
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
constexpr Quantity conductivity_quantity = {
    "the conductivity", "--conductivity",
    [](std::string_view name) {
      return name.find("conductivity") != std::string_view::npos ||
             name.find("sigma") != std::string_view::npos;
    },
    conductivity_unit, "S/cm, mS/cm, uS/cm, S/m, mS/m, ohm^-1 cm^-1, ohm^-1 m^-1 or log10 S/cm"};
constexpr Quantity energy_quantity = {"the activation energy", "--energy",
                                      [](std::string_view name) {
                                        return name.find("activation") != std::string_view::npos ||
                                               is_symbol(name, "ea") || is_symbol(name, "e_a");
                                      },
                                      energy_unit, "eV, meV or kJ/mol"};

struct Column {
  std::size_t index;
  Unit unit;
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
      if (unit_in_name(table.header()[i], quantity.unit_of)) {
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
    return Column{*index, *unit};
  }
  const auto unit = unit_in_name(table.header()[*index], quantity.unit_of);
  IONSIFT_VALIDATE(unit, missing,
                   fmt::format("{}: the unit of \"{}\" is not known", table.name(), table.header()[*index]),
                   fmt::format("the column's name holds none of {}", quantity.units),
                   fmt::format("Give it with {}-unit.", quantity.option));
  return Column{*index, *unit};
}

double number(std::string_view text, const Quantity& quantity, const std::string& place) {
  const auto value = parse_number(trim(text));
  IONSIFT_VALIDATE(value, data, fmt::format("{}: \"{}\" is no number", place, text),
                   fmt::format("it stands in the column of {}", quantity.what),
                   "Correct the value, or leave it empty where it is unknown.");
  return *value;
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
        temperature_(find_with_unit(table, temperature_quantity, options.temperature_column,
                                    options.temperature_unit)),
        energy_(find_with_unit(table, energy_quantity, options.energy_column, options.energy_unit)) {
    const auto conductivity =
        find_with_unit(table, conductivity_quantity, options.conductivity_column, options.conductivity_unit);
    IONSIFT_VALIDATE(
        conductivity, missing, fmt::format("{} has no column for the conductivity", table.name()),
        "no name holds \"conductivity\" or \"sigma\"", "Name the column with --conductivity-column.");
    conductivity_ = *conductivity;
  }

  /// Nothing for a row without an id or a conductivity.
  std::optional<Measurement> read(std::size_t row) const {
    Measurement measurement;
    measurement.id = std::string(trim(table_.cell(row, id_)));
    auto text = trim(table_.cell(row, conductivity_.index));
    if (measurement.id.empty() || text.empty()) {
      return std::nullopt;
    }
    // The header is line 1.
    const auto place = fmt::format("{}: row {}, structure {}", table_.name(), row + 2, measurement.id);
    measurement.upper_bound = text.starts_with('<');
    text.remove_prefix(measurement.upper_bound ? 1 : 0);
    measurement.conductivity = conductivity_.unit.convert(number(text, conductivity_quantity, place));
    constexpr double best_conductor = 1e9; // S/cm; metals have 1e6 at most
    IONSIFT_VALIDATE(
        measurement.conductivity <= best_conductor, data,
        fmt::format("{}: the conductivity {} is {:g} S/cm", place, text, measurement.conductivity),
        "nothing conducts as well as that", "Correct it, or its unit with --conductivity-unit.");
    IONSIFT_VALIDATE(
        measurement.conductivity > 0, data,
        fmt::format("{}: the conductivity {} is not positive", place, text),
        "nothing conducts as little as that",
        "Write what is below the detection limit as a bound, as <1E-10, or give the unit log10 S/cm for "
        "logarithms.");
    measurement.temperature = temperature(row, place);
    if (energy_ && !trim(table_.cell(row, energy_->index)).empty()) {
      measurement.activation_energy =
          energy_->unit.convert(number(table_.cell(row, energy_->index), energy_quantity, place));
    }
    return measurement;
  }

private:
  std::optional<double> temperature(std::size_t row, const std::string& place) const {
    const auto text = temperature_ ? trim(table_.cell(row, temperature_->index)) : std::string_view();
    if (text.empty()) {
      return options_.default_temperature;
    }
    if (is_room_temperature(text)) {
      return room_temperature;
    }
    const double kelvin = temperature_->unit.convert(number(text, temperature_quantity, place));
    IONSIFT_VALIDATE(kelvin > 0, data, fmt::format("{}: {} is no temperature", place, text),
                     fmt::format("it would be {} K", kelvin),
                     "Correct it, or its unit with --temperature-unit.");
    return kelvin;
  }

  const CsvTable& table_;
  const MeasurementOptions& options_;
  std::size_t id_;
  std::optional<Column> temperature_, energy_;
  Column conductivity_{};
};

} // namespace

MeasurementTable read_measurements(const std::filesystem::path& path, const MeasurementOptions& options) {
  const auto table = CsvTable::read(path);
  const RowReader reader(table, options);
  MeasurementTable result;
  for (std::size_t row = 0; row < table.size(); ++row) {
    if (auto measurement = reader.read(row)) {
      result.measurements.push_back(std::move(*measurement));
    } else {
      ++result.skipped;
    }
  }
  return result;
}

} // namespace ionsift::dataset
