// SPDX-License-Identifier: BSD-3-Clause
// Sizes of ions.
#pragma once

namespace ionsift::dataset {

/// Radius in angstrom (Shannon, Acta Cryst. A 1976, 32, 751; six neighbours where he has them, else the mean
/// over what he has) of the known state of the element that is nearest to the given one and of its sign.
/// Anions that he lacks have Pauling's radii; elements without any, the covalent radius.
double ionic_radius(int atomic_number, double oxidation);

} // namespace ionsift::dataset
