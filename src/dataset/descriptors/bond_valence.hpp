// SPDX-License-Identifier: BSD-3-Clause
// Published parameters of lithium's bonds.
#pragma once

#include <optional>

namespace ionsift::dataset {

/// Parameters of the bond between Li+ and an anion (softBV: Chen, Adams, IUCrJ 2017, 4, 614).
struct LithiumBond {
  double least_at = 0; ///< Rmin, angstrom
  double softness = 0; ///< b, angstrom
  double cutoff = 0;   ///< angstrom
  double depth = 0;    ///< D0 in eV for an anion of charge -1
};

/// Nothing for elements that are not anions of the table.
std::optional<LithiumBond> lithium_bond(int atomic_number);

/// Number of the outermost shell. @param atomic_number 1 .. max_atomic_number
int principal_quantum_number(int atomic_number);

} // namespace ionsift::dataset
