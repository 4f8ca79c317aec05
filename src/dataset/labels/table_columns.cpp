// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/labels/table_columns.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"

#include <fmt/ranges.h>

#include <algorithm>

namespace ionsift::dataset {

std::optional<std::size_t> find_optional_column(const CsvTable& table, const std::string& requested,
                                                const std::vector<std::string>& usual) {
  if (!requested.empty()) {
    return table.column(requested);
  }
  for (const auto& name : usual) {
    for (std::size_t i = 0; i < table.header().size(); ++i) {
      auto column = table.header()[i];
      std::ranges::replace(column, '_', ' ');
      auto wanted = name;
      std::ranges::replace(wanted, '_', ' ');
      if (equal_ignoring_case(column, wanted)) {
        return i;
      }
    }
  }
  return std::nullopt;
}

std::size_t find_column(const CsvTable& table, const std::string& requested,
                        const std::vector<std::string>& usual, std::string_view what,
                        std::string_view option) {
  const auto found = find_optional_column(table, requested, usual);
  IONSIFT_VALIDATE(found, missing, fmt::format("{} has no column for {}", table.name(), what),
                   fmt::format("looked for {}; its columns are {}", fmt::join(usual, ", "),
                               fmt::join(table.header(), ", ")),
                   fmt::format("Name the column with {}.", option));
  return *found;
}

std::size_t find_id_column(const CsvTable& table, const std::string& requested) {
  static const std::vector<std::string> usual = {"id", "structure_id", "material_id", "entry_id"};
  if (const auto found = find_optional_column(table, requested, usual)) {
    return *found;
  }
  std::vector<std::size_t> endings;
  for (std::size_t i = 0; i < table.header().size(); ++i) {
    if (to_lower(trim(table.header()[i])).ends_with("_id")) {
      endings.push_back(i);
    }
  }
  static const std::vector<std::string> names = {"sample",    "sample name", "name",     "file",
                                                 "file name", "filename",    "cif file", "material"};
  if (endings.empty()) {
    if (const auto found = find_optional_column(table, {}, names)) {
      return *found;
    }
  }
  IONSIFT_VALIDATE(endings.size() == 1, missing,
                   fmt::format("{} has no column that is plainly the structures' id", table.name()),
                   fmt::format("looked for {}, a single name ending in _id, or {}; its columns are {}",
                               fmt::join(usual, ", "), fmt::join(names, ", "),
                               fmt::join(table.header(), ", ")),
                   "Name the column with --id-column.");
  return endings.front();
}

namespace {
const std::vector<std::string> composition_names = {
    "composition",      "reduced composition",  "true composition",    "formula",         "compound",
    "chemical formula", "chemical composition", "nominal composition", "reduced formula", "pretty formula",
    "formula pretty",   "full formula",         "normalized formula"};
}

std::size_t find_composition_column(const CsvTable& table, const std::string& requested) {
  return find_column(table, requested, composition_names, "the structures' compositions",
                     "--composition-column");
}

std::optional<std::size_t> find_optional_composition_column(const CsvTable& table,
                                                            const std::string& requested) {
  return find_optional_column(table, requested, composition_names);
}

std::optional<std::size_t> reference_column(const CsvTable& table) {
  return find_optional_column(
      table, "", {"doi", "reference", "references", "ref", "publication", "citation", "source", "sources"});
}

} // namespace ionsift::dataset
