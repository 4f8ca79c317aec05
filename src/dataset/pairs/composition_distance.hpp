// SPDX-License-Identifier: BSD-3-Clause
// The difference of two compositions.
#pragma once

#include "ionsift/crystal/chemistry/composition.hpp"

namespace ionsift::dataset {

/// Largest difference of the atomic fractions of any element; an element that one lacks counts with its whole
/// fraction.
double largest_fraction_difference(const crystal::Composition& a, const crystal::Composition& b);

} // namespace ionsift::dataset
