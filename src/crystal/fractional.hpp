// Fractional coordinates modulo lattice vectors.
#pragma once

#include <Eigen/Core>

namespace ionsift::crystal {

/// Each coordinate in [-0.5, 0.5].
inline Eigen::Vector3d wrapped(const Eigen::Vector3d& fractional) {
  return fractional - fractional.array().round().matrix();
}

/// Each coordinate in [0, 1).
inline Eigen::Vector3d inside(const Eigen::Vector3d& fractional) {
  Eigen::Vector3d within = fractional - fractional.array().floor().matrix();
  for (double& x : within) {
    // A tiny negative number plus 1 rounds to 1.
    x = x >= 1.0 ? 0.0 : x;
  }
  return within;
}

} // namespace ionsift::crystal
