// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/descriptors/given.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/labels/id_matching.hpp"
#include "ionsift/dataset/labels/table_columns.hpp"
#include "ionsift/dataset/labels/written_number.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace ionsift::dataset {

namespace {

constexpr double missing_number = std::numeric_limits<double>::quiet_NaN();

/// Adds the numbers of one column of a table.
void add_column(const CsvTable& table, std::size_t id_column, std::size_t column, std::size_t position,
                std::size_t columns, std::unordered_map<std::string, std::vector<double>>& rows) {
  const NumberColumn numbers(table, column);
  BadCells bad;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const std::string id(trim(table.cell(row, id_column)));
    const auto text = trim(table.cell(row, column));
    const auto cell = numbers.read(row);
    if (id.empty() || cell.is_unknown()) {
      continue;
    }
    const bool is_value = cell.number && cell.number->kind == WrittenNumber::Kind::value &&
                          cell.number->unit.empty() && std::isfinite(cell.number->value);
    if (!is_value) {
      bad.add(row, id, text, cell.number ? "is not a finite number without a unit" : cell.complaint);
      continue;
    }
    auto& values = rows.try_emplace(id, columns, missing_number).first->second;
    if (!std::isnan(values[position]) && values[position] != cell.number->value) {
      bad.add(row, id, text, fmt::format("gives it two numbers: another row has {}", values[position]));
    }
    values[position] = cell.number->value;
  }
  bad.require_none(table.name(), fmt::format("numbers of the column {}", table.header()[column]),
                   "Correct them, leave cells empty where the number is unknown, and keep one row for each "
                   "structure.");
}

} // namespace

GivenDescriptors GivenDescriptors::read(const std::vector<std::filesystem::path>& tables,
                                        const std::vector<std::string>& columns,
                                        const std::string& id_column) {
  IONSIFT_VALIDATE(!columns.empty(), usage, "no column of descriptors is named",
                   "the tables may also hold columns that should not be learned from",
                   "Name them with --descriptor-columns A,B.");
  GivenDescriptors given;
  std::vector<CsvTable> read;
  for (const auto& path : tables) {
    read.push_back(CsvTable::read(path));
    given.tables_.push_back(read.back().name());
  }
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const auto has_it = [&](const CsvTable& table) { return table.has(columns[c]); };
    const auto holders = std::ranges::count_if(read, has_it);
    IONSIFT_VALIDATE(std::ranges::count(columns, columns[c]) == 1, usage,
                     fmt::format("the column {} is named twice", columns[c]), "each is one descriptor",
                     "Name it once.");
    IONSIFT_VALIDATE(holders <= 1, conflict, fmt::format("{} tables have a column {}", holders, columns[c]),
                     fmt::format("they are {}", fmt::join(given.tables_, ", ")), "Rename one of them.");
    const auto holder = std::ranges::find_if(read, has_it);
    const auto& table = holder == read.end() ? read.front() : *holder;
    // Reports similar names where no table has the column.
    add_column(table, find_id_column(table, id_column), table.column(columns[c]), c, columns.size(),
               given.rows_);
    given.names_.push_back("given." + columns[c]);
  }
  auto content = fmt::format("{}\n{}", fmt::join(columns, "\n"), id_column);
  for (const auto& path : tables) {
    content += '\n' + sha256_of_file(path);
  }
  given.sha256_ = ionsift::sha256(content);
  for (const auto& [id, values] : given.rows_) {
    const auto [known, fresh] = given.by_loose_id_.try_emplace(loose_id(id), id);
    if (!fresh) {
      known->second.clear();
    }
  }
  return given;
}

const std::vector<double>* GivenDescriptors::find(const std::string& id) const {
  auto row = rows_.find(id);
  if (row == rows_.end()) {
    const auto loose = by_loose_id_.find(loose_id(id));
    row = loose == by_loose_id_.end() ? rows_.end() : rows_.find(loose->second);
  }
  const bool whole =
      row != rows_.end() && std::ranges::none_of(row->second, [](double value) { return std::isnan(value); });
  return whole ? &row->second : nullptr;
}

} // namespace ionsift::dataset
