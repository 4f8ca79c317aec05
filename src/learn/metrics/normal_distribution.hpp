// SPDX-License-Identifier: BSD-3-Clause
// The standard normal distribution.
#pragma once

#include <cmath>

namespace ionsift::learn {

/// Its distribution function.
inline double normal_cdf(double x) {
  return 0.5 * std::erfc(-x / std::numbers::sqrt2);
}

} // namespace ionsift::learn
