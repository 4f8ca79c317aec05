// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/labels/known_compounds.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/labels/conductivities.hpp"
#include "ionsift/dataset/labels/id_matching.hpp"
#include "ionsift/dataset/labels/table_columns.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_set>

namespace ionsift::dataset {

namespace {

/// Cells of one row by the names of their columns.
class Row {
public:
  Row(const CsvTable& table, std::size_t row) : table_(table), row_(row) {}

  std::string text(const std::optional<std::size_t>& column) const {
    return column ? std::string(trim(table_.cell(row_, *column))) : std::string();
  }
  /// The year, 0 if the cell is empty.
  double number(const std::optional<std::size_t>& column) const {
    const auto cell = text(column);
    if (cell.empty()) {
      return 0;
    }
    const auto value = parse_number(cell);
    IONSIFT_VALIDATE(
        value, data, fmt::format("{}: row {}: \"{}\" is not a number", table_.name(), row_ + 1, cell),
        fmt::format("in the column {}", table_.header()[*column]), "Correct the cell, or leave it empty.");
    return *value;
  }
  int year(const std::optional<std::size_t>& column) const {
    const double value = number(column);
    IONSIFT_VALIDATE(value == std::floor(value) && value >= 0 && value < 10000, data,
                     fmt::format("{}: row {}: {} is not a year", table_.name(), row_ + 1, value),
                     fmt::format("in the column {}", table_.header()[*column]),
                     "Correct the cell, or leave it empty.");
    return static_cast<int>(value);
  }

private:
  const CsvTable& table_;
  std::size_t row_;
};

std::optional<std::size_t> column_named(const CsvTable& table, const std::string& name) {
  return find_optional_column(table, "", {name});
}

/// Nothing for a table that identifies compounds by composition alone.
std::optional<std::size_t> id_column_of(const CsvTable& table, bool has_composition) {
  try {
    return find_id_column(table, "");
  } catch (const Error&) {
    if (!has_composition) {
      throw;
    }
    return std::nullopt;
  }
}

/// The column of conductivities, if there is one.
std::optional<ConductivityColumn> conductivities_of(const CsvTable& table) {
  const auto names = [](const std::string& heading) { return names_conductivity(heading); };
  if (column_named(table, "log10_conductivity") || std::ranges::none_of(table.header(), names)) {
    return std::nullopt;
  }
  return ConductivityColumn(table, {});
}

void set_conductivity(KnownCompound& compound, const ConductivityColumn& column, std::size_t row,
                      const CsvTable& table) {
  const auto cell = column.read(row);
  IONSIFT_VALIDATE(cell.complaint.empty(), data,
                   fmt::format("{}: row {}: \"{}\" {}", table.name(), row + 1,
                               table.cell(row, column.index()), cell.complaint),
                   fmt::format("in the column {}", table.header()[column.index()]),
                   "Correct the cell, or leave it empty.");
  if (cell.number) {
    compound.log10_conductivity = std::log10(cell.number->value);
    compound.upper_bound = cell.number->kind == WrittenNumber::Kind::upper_bound;
  }
}

} // namespace

std::unordered_map<std::string, KnownCompound> read_known_compounds(const std::filesystem::path& path,
                                                                    bool needs_class, double threshold) {
  const auto table = CsvTable::read(path);
  const auto composition = find_optional_composition_column(table, "");
  const auto id = id_column_of(table, composition.has_value());
  const auto superionic = column_named(table, "superionic");
  IONSIFT_VALIDATE(
      superionic || !needs_class, missing, fmt::format("{} has no column superionic", table.name()),
      "it marks compounds found superionic, 1 or 0", "Add it; docs/discovery.md describes the table.");
  const auto logarithm = column_named(table, "log10_conductivity");
  const auto conductivity = conductivities_of(table);
  const auto reference = reference_column(table);
  const auto year = column_named(table, "first_year");
  const auto superionic_year = column_named(table, "first_superionic_year");
  const auto chemistry = column_named(table, "chemistry");
  const auto in_test_set = column_named(table, "touches_obelix_test");
  std::unordered_map<std::string, KnownCompound> known;
  for (std::size_t r = 0; r < table.size(); ++r) {
    const Row row(table, r);
    KnownCompound compound;
    compound.log10_conductivity = row.text(logarithm).empty() ? std::nan("") : row.number(logarithm);
    if (conductivity) {
      set_conductivity(compound, *conductivity, r, table);
    }
    compound.class_known = !row.text(superionic).empty() || !std::isnan(compound.log10_conductivity);
    compound.superionic = row.text(superionic).empty()
                              ? compound.log10_conductivity > std::log10(threshold) && !compound.upper_bound
                              : row.number(superionic) != 0;
    if (composition && !is_placeholder_formula(row.text(composition))) {
      compound.composition = trim_any_blank(row.text(composition));
    }
    compound.reference = row.text(reference);
    compound.first_year = row.year(year);
    compound.first_superionic_year = row.year(superionic_year);
    compound.chemistry = row.text(chemistry);
    compound.in_test_set = row.number(in_test_set) != 0;
    const auto name = row.text(id).empty() ? compound.composition : row.text(id);
    if (name.empty()) {
      continue; // an empty row
    }
    IONSIFT_VALIDATE(known.emplace(name, compound).second, data,
                     fmt::format("{}: {} occurs twice", table.name(), name), "its data are ambiguous",
                     "Keep one row for each candidate.");
  }
  return known;
}

std::unordered_map<std::string, MeasuredWhen> read_measured_when(const std::filesystem::path& path,
                                                                 const std::string& id_column,
                                                                 const std::vector<std::string>& known) {
  const auto table = CsvTable::read(path);
  const auto id = find_id_column(table, id_column);
  const auto year = column_named(table, "year");
  const auto chemistry = column_named(table, "chemistry");
  std::vector<std::string> ids;
  std::unordered_set<std::string> met;
  for (std::size_t r = 0; r < table.size(); ++r) {
    if (auto text = Row(table, r).text(id); met.insert(text).second) {
      ids.push_back(std::move(text));
    }
  }
  const IdMatch match(ids, known, path.string(), "the labelled structures");
  std::unordered_map<std::string, MeasuredWhen> when;
  for (std::size_t r = 0; r < table.size(); ++r) {
    const Row row(table, r);
    when.try_emplace(match(row.text(id)), MeasuredWhen{row.year(year), row.text(chemistry)});
  }
  return when;
}

} // namespace ionsift::dataset
