// SPDX-License-Identifier: BSD-3-Clause
// Lookup of a table's columns by their usual names.
#pragma once

#include "ionsift/base/csv.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ionsift::dataset {

/// The column named `requested`; if that is empty, the first of `usual` that the table has, letter case
/// ignored, and underscores the same as blanks.
/// @param what   the content, for the message: "the structures' set"
/// @param option the caller's option for the column, for the message: "--set-column"
/// @throws Error missing, listing the nearest or the existing names
std::size_t find_column(const CsvTable& table, const std::string& requested,
                        const std::vector<std::string>& usual, std::string_view what,
                        std::string_view option);

/// As above, but nothing if none is requested and none of the usual names exists.
std::optional<std::size_t> find_optional_column(const CsvTable& table, const std::string& requested,
                                                const std::vector<std::string>& usual);

/// The column of structure ids: `requested`, else "id", "structure_id", "material_id", "entry_id", else the
/// only column whose name ends in "_id", else "sample", "name", "file", "material" or similar.
/// @throws Error missing
std::size_t find_id_column(const CsvTable& table, const std::string& requested);

/// The column of chemical formulas: `requested`, else "composition", "reduced composition", "true
/// composition", "formula", "compound", "chemical formula" or similar.
/// @throws Error missing
std::size_t find_composition_column(const CsvTable& table, const std::string& requested);
/// As above, but nothing if none is requested and none of these names exists.
std::optional<std::size_t> find_optional_composition_column(const CsvTable& table,
                                                            const std::string& requested);

/// The column of the source of values: "doi", "reference", "publication", "source" or similar.
std::optional<std::size_t> reference_column(const CsvTable& table);

} // namespace ionsift::dataset
