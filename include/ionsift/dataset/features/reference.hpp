// SPDX-License-Identifier: BSD-3-Clause
// Lookup of a classifier's training structures in a store.
#pragma once

#include "ionsift/dataset/descriptors/view.hpp"
#include "ionsift/store/read/reader.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ionsift::dataset {

/// Positions of the structures with these ids in a store.
/// @throws Error conflict when one is missing or occurs twice
std::vector<std::uint64_t> locate(const store::Reader& reference, const std::vector<std::string>& id);

/// Weighted means of their rows in one view [structures x columns].
/// @throws Error conflict when one has no row
Matrix<double> means_at(const store::Reader& reference, const View& view,
                        const std::vector<std::uint64_t>& position);

} // namespace ionsift::dataset
