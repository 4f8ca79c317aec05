// SPDX-License-Identifier: BSD-3-Clause
// Sizes of ions.
#pragma once

namespace ionsift::dataset {

/// Radius in angstrom (Shannon, Acta Cryst. A 1976, 32, 751; coordination six if tabulated, else the mean
/// of the tabulated ones) of the element's known state nearest to the given one and of the same sign.
/// Anions missing there have Pauling's radii; elements without any, the covalent radius.
double ionic_radius(int atomic_number, double oxidation);

} // namespace ionsift::dataset
