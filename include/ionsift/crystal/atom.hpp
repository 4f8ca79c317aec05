// SPDX-License-Identifier: BSD-3-Clause
// Atomic masses and covalent radii.
#pragma once

namespace ionsift::crystal {

/// Standard atomic mass in u. @param atomic_number 1 .. max_atomic_number
double atomic_mass(int atomic_number);

/// Covalent radius in angstrom (Cordero et al., Dalton Trans. 2008, 2832). @param atomic_number 1 ..
/// max_atomic_number
double covalent_radius(int atomic_number);

} // namespace ionsift::crystal
