#include "ionsift/dataset/columns.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"

#include <fmt/ranges.h>

namespace ionsift::dataset {

std::optional<std::size_t> find_optional_column(const CsvTable& table, const std::string& requested,
                                                const std::vector<std::string>& usual) {
  if (!requested.empty()) {
    return table.column(requested);
  }
  for (const auto& name : usual) {
    for (std::size_t i = 0; i < table.header().size(); ++i) {
      if (equal_ignoring_case(trim(table.header()[i]), name)) {
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
  IONSIFT_VALIDATE(endings.size() == 1, missing,
                   fmt::format("{} has no column that is plainly the structures' id", table.name()),
                   fmt::format("looked for {}, or a single name ending in _id; its columns are {}",
                               fmt::join(usual, ", "), fmt::join(table.header(), ", ")),
                   "Name the column with --id-column.");
  return endings.front();
}

namespace {
const std::vector<std::string> composition_names = {"composition", "reduced composition", "reduced_composition",
                                                    "formula", "compound"};
}

std::size_t find_composition_column(const CsvTable& table, const std::string& requested) {
  return find_column(table, requested, composition_names, "the structures' compositions",
                     "--composition-column");
}

std::optional<std::size_t> find_optional_composition_column(const CsvTable& table,
                                                            const std::string& requested) {
  return find_optional_column(table, requested, composition_names);
}

} // namespace ionsift::dataset
