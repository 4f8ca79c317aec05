// SPDX-License-Identifier: BSD-3-Clause
// Human-readable chemical formulas of crystals.
#pragma once

#include "ionsift/crystal/crystal.hpp"

#include <string>

namespace ionsift::crystal {

/// The formula unit as chemists write it: cations by their charge, "Li1.3Al0.3Ti1.7P3O12", then anions,
/// oxygen before halogens, "Li6PS5Cl", "Li3OCl"; by electronegativity where no charges are known. Amounts
/// have three decimals, small ones two significant digits. For display only; Crystal::composition() is exact.
std::string written_formula(const Crystal& crystal);

} // namespace ionsift::crystal
