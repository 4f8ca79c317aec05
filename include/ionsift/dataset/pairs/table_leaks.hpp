// SPDX-License-Identifier: BSD-3-Clause
// Leaks between entries that have no structure.
#pragma once

#include "ionsift/dataset/pairs/leaks.hpp"

#include <string>
#include <vector>

namespace ionsift::dataset {

/// An entry of a table, known by its composition alone.
struct TableEntry {
  std::string id;
  crystal::Composition composition;
};

/// As find_leaks, for entries without a structure: in every way but by structure. Not collective.
LeakReport find_table_leaks(const std::vector<TableEntry>& first, const std::vector<TableEntry>& second,
                            const Identifiers& first_known, const Identifiers& second_known,
                            const LeakOptions& options = {});

/// Labelled entries of the table; those without a readable composition are omitted.
std::vector<TableEntry> entries_of(const Labels& labels, const std::vector<std::string>& ids);
/// Structures as entries.
std::vector<TableEntry> entries_of(const std::vector<crystal::Crystal>& crystals);

} // namespace ionsift::dataset
