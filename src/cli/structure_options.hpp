// SPDX-License-Identifier: BSD-3-Clause
// The options by which structures are compared, shared by dedup and leaks.
#pragma once

#include "ionsift/dataset/pairs/structure_pairs.hpp"
#include "ionsift/store/read/reader.hpp"

#include "option_table.hpp"

#include <vector>

namespace ionsift::cli {

/// @param target receives the values; its current ones are the defaults
void declare_pair_options(OptionTable& table, dataset::PairOptions& target);

/// All crystals of a store, without the sites' network features; every rank reads them.
std::vector<crystal::Crystal> all_crystals(const store::Reader& store);

} // namespace ionsift::cli
