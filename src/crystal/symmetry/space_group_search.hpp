// SPDX-License-Identifier: BSD-3-Clause
// The steps of find_symmetry.
#pragma once

#include "ionsift/crystal/crystal.hpp"

#include <vector>

namespace ionsift::crystal {

/// Equal numbers for sites with like occupations.
std::vector<int> occupation_types(const Crystal& crystal, double tolerance);

/// The space group of the operations that plainly map the crystal onto itself (find_operations); 0 where it is
/// not plain what they are, or they are not all of a group.
/// @param tolerance angstrom
int plain_space_group(const Crystal& crystal, const std::vector<int>& types, double tolerance);

} // namespace ionsift::crystal
