// SPDX-License-Identifier: BSD-3-Clause
#include "lattice.hpp"

#include <Eigen/Geometry>
#include <Eigen/LU>
#include <cmath>
#include <numbers>

namespace ionsift::crystal {

namespace {

constexpr double degree = std::numbers::pi / 180;

/// Exact for right angles, so that orthogonal cells have exact zeros.
double cosine(double angle) {
  return angle == 90 ? 0.0 : std::cos(angle * degree);
}

} // namespace

Eigen::Matrix3d lattice_from_parameters(const std::array<double, 3>& lengths,
                                        const std::array<double, 3>& angles, const ReadOptions& options) {
  for (std::size_t i = 0; i < 3; ++i) {
    IONSIFT_VALIDATE(std::isfinite(lengths[i]) && lengths[i] > 0, data,
                     fmt::format("cell length {} is {}", "abc"[i], lengths[i]), "a length must be positive",
                     "Correct the cell.");
    IONSIFT_VALIDATE(lengths[i] <= options.max_cell_edge, limit,
                     fmt::format("cell length {} is {} angstrom", "abc"[i], lengths[i]),
                     fmt::format("at most {} angstrom are accepted", options.max_cell_edge),
                     "Check the unit of the cell, or raise the limit.");
    IONSIFT_VALIDATE(std::isfinite(angles[i]) && angles[i] > 0 && angles[i] < 180, data,
                     fmt::format("a cell angle is {} degrees", angles[i]), "it must lie between 0 and 180",
                     "Correct the cell.");
  }
  const double cos_alpha = cosine(angles[0]);
  const double cos_beta = cosine(angles[1]);
  const double cos_gamma = cosine(angles[2]);
  const double sin_gamma = angles[2] == 90 ? 1.0 : std::sin(angles[2] * degree);
  const double c_y = (cos_alpha - cos_beta * cos_gamma) / sin_gamma;
  const double c_z_squared = 1 - cos_beta * cos_beta - c_y * c_y;
  IONSIFT_VALIDATE(
      c_z_squared > 0, data,
      fmt::format("no cell has the angles {}, {} and {} degrees", angles[0], angles[1], angles[2]),
      "its volume would not be positive", "Correct the cell.");
  Eigen::Matrix3d lattice;
  lattice << lengths[0], 0, 0,                           //
      lengths[1] * cos_gamma, lengths[1] * sin_gamma, 0, //
      lengths[2] * cos_beta, lengths[2] * c_y, lengths[2] * std::sqrt(c_z_squared);
  return lattice;
}

void validate_lattice(const Eigen::Matrix3d& lattice, const ReadOptions& options) {
  // A plane spacing below half the smallest atom's size only occurs in mistyped cells; neighbour
  // searches in them take forever.
  constexpr double smallest_spacing = 0.5;
  constexpr double flattest = 1e-3;
  IONSIFT_VALIDATE(lattice.allFinite(), numeric, "the cell holds NaN or infinity",
                   "its vectors must be finite", "Correct the cell.");
  const double longest = lattice.rowwise().norm().maxCoeff();
  IONSIFT_VALIDATE(longest <= options.max_cell_edge, limit,
                   fmt::format("a cell edge is {:.1f} angstrom long", longest),
                   fmt::format("at most {} angstrom are accepted", options.max_cell_edge),
                   "Check the unit of the cell, or raise the limit.");
  const double volume = std::abs(lattice.determinant());
  const double box = lattice.rowwise().norm().prod();
  IONSIFT_VALIDATE(
      volume > 0 && volume / box > flattest, data,
      fmt::format("the cell is flat: volume {:.3g} of edges whose product is {:.3g}", volume, box),
      "its vectors lie almost in a plane", "Correct the cell.");
  const Eigen::Vector3d spacings = lattice.inverse().colwise().norm().cwiseInverse();
  IONSIFT_VALIDATE(spacings.minCoeff() >= smallest_spacing, data,
                   fmt::format("the cell is only {:.3g} angstrom high", spacings.minCoeff()),
                   fmt::format("lattice planes nearer than {} angstrom hold no atoms", smallest_spacing),
                   "Check the unit of the cell.");
}

Eigen::Vector3d angles_of(const Eigen::Matrix3d& lattice) {
  Eigen::Vector3d angles;
  for (int i = 0; i < 3; ++i) {
    const Eigen::Vector3d u = lattice.row((i + 1) % 3);
    const Eigen::Vector3d v = lattice.row((i + 2) % 3);
    angles[i] = std::acos(std::clamp(u.dot(v) / (u.norm() * v.norm()), -1.0, 1.0)) / degree;
  }
  return angles;
}

} // namespace ionsift::crystal
