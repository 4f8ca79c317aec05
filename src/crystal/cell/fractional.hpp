// SPDX-License-Identifier: BSD-3-Clause
// Fractional coordinates modulo lattice vectors.
#pragma once

#include <Eigen/Core>
#include <cmath>
#include <cstdint>

namespace ionsift::crystal {

/// std::floor is a function call in code for the oldest processors, and coordinates are wrapped millions
/// of times.
inline double floor_of(double x) {
  constexpr double without_fraction = 4503599627370496.0; // 2^52
  if (!(std::abs(x) < without_fraction)) {
    return x;
  }
  const auto truncated = static_cast<double>(static_cast<std::int64_t>(x));
  return truncated > x ? truncated - 1 : truncated;
}

/// The nearest whole number; halves are rounded up.
inline double nearest_whole(double x) {
  return floor_of(x + 0.5);
}

/// Each coordinate in [-0.5, 0.5].
inline Eigen::Vector3d wrapped(const Eigen::Vector3d& fractional) {
  return fractional.unaryExpr([](double x) { return x - nearest_whole(x); });
}

/// Each coordinate in [0, 1).
inline Eigen::Vector3d inside(const Eigen::Vector3d& fractional) {
  return fractional.unaryExpr([](double x) {
    x -= floor_of(x);
    // A tiny negative number plus 1 rounds to 1.
    return x >= 1.0 ? 0.0 : x;
  });
}

} // namespace ionsift::crystal
