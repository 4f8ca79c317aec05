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

/// As find_leaks, for entries without a structure: by id, ICSD number and composition. Not collective.
LeakReport find_table_leaks(const std::vector<TableEntry>& first, const std::vector<TableEntry>& second,
                            const IcsdNumbers* first_icsd, const IcsdNumbers* second_icsd,
                            const LeakOptions& options = {});

} // namespace ionsift::dataset
