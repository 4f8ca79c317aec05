// SPDX-License-Identifier: BSD-3-Clause
// Permutations of the sites of a cell under its symmetry.
#pragma once

#include "ionsift/crystal/crystal.hpp"

#include "enumeration.hpp"

#include <vector>

namespace ionsift::crystal {

/// The permutations of some sites under the symmetry of the cell, translations within it included, as spglib
/// finds them (Togo & Tanaka, arXiv 1808.01590); each once, as indices into `sites`. The identity alone
/// if spglib fails or an operation leads to no site within the tolerance.
/// @param types types of all sites, equal for those that symmetry may exchange
/// @param sites the sites to permute; their types do not occur elsewhere
/// @param tolerance angstrom
SitePermutations site_permutations(const Crystal& crystal, const std::vector<int>& types,
                                   const std::vector<int>& sites, double tolerance);

} // namespace ionsift::crystal
