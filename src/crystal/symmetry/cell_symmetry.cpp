// SPDX-License-Identifier: BSD-3-Clause
#include "cell_symmetry.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numbers>

namespace ionsift::crystal {

namespace {

/// The contribution of an angle between two axes to the metric tensor for a cosine of 1.
Eigen::Matrix3d metric_of_angle(const std::array<double, 3>& lengths, std::size_t angle) {
  const auto i = (angle + 1) % 3;
  const auto j = (angle + 2) % 3;
  Eigen::Matrix3d metric = Eigen::Matrix3d::Zero();
  metric(static_cast<int>(i), static_cast<int>(j)) = metric(static_cast<int>(j), static_cast<int>(i)) =
      lengths[i] * lengths[j];
  return metric;
}

Eigen::Matrix3d change(const Eigen::Matrix3d& metric, const Operation& operation) {
  const Eigen::Matrix3d rotation = operation.rotation.cast<double>();
  return rotation.transpose() * metric * rotation - metric;
}

} // namespace

double cell_misfit(const Eigen::Matrix3d& lattice, const std::vector<Operation>& operations) {
  const Eigen::Matrix3d metric = lattice * lattice.transpose();
  const Eigen::Vector3d lengths = metric.diagonal().cwiseSqrt();
  const Eigen::Matrix3d unit = 2 * lengths * lengths.transpose();
  double largest = 0;
  const Operation* previous = nullptr;
  for (const Operation& operation : operations) {
    // Centring repeats rotations.
    if (previous == nullptr || previous->rotation != operation.rotation) {
      largest = std::max(largest, change(metric, operation).cwiseQuotient(unit).cwiseAbs().maxCoeff());
    }
    previous = &operation;
  }
  return largest;
}

std::array<bool, 3> solve_angles(const std::array<double, 3>& lengths, std::array<double, 3>& angles,
                                 const std::array<bool, 3>& missing,
                                 const std::vector<Operation>& operations) {
  Eigen::Matrix3d known = Eigen::Matrix3d::Zero();
  std::vector<std::size_t> open;
  for (std::size_t k = 0; k < 3; ++k) {
    known(static_cast<int>(k), static_cast<int>(k)) = lengths[k] * lengths[k];
    if (missing[k]) {
      open.push_back(k);
      angles[k] = 90;
    } else {
      known += std::cos(angles[k] * std::numbers::pi / 180) * metric_of_angle(lengths, k);
    }
  }
  // Linear in the cosines: every operation must leave the metric tensor as it is.
  const auto n = static_cast<Eigen::Index>(open.size());
  Eigen::MatrixXd normal = Eigen::MatrixXd::Zero(n, n);
  Eigen::VectorXd right = Eigen::VectorXd::Zero(n);
  for (const Operation& operation : operations) {
    Eigen::MatrixXd columns(9, n);
    for (Eigen::Index k = 0; k < n; ++k) {
      columns.col(k) =
          change(metric_of_angle(lengths, open[static_cast<std::size_t>(k)]), operation).reshaped();
    }
    normal += columns.transpose() * columns;
    right -= columns.transpose() * change(known, operation).reshaped().matrix();
  }
  std::array<bool, 3> found{};
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(normal);
  const double scale = std::pow(lengths[0] * lengths[1] * lengths[2], 4.0 / 3);
  if (n == 0 || !(solver.eigenvalues().minCoeff() > 1e-6 * scale)) {
    // Some combination is left open; an angle that operations fix regardless of the others is still returned.
    constexpr double anything = 80;
    for (std::size_t k = 0; k < open.size() && n > 1; ++k) {
      std::array<bool, 3> one{};
      one[open[k]] = true;
      std::array<double, 3> tilted = angles;
      for (const std::size_t other : open) {
        tilted[other] = found[other] ? angles[other] : anything;
      }
      const bool is_told = solve_angles(lengths, angles, one, operations)[open[k]] &&
                           solve_angles(lengths, tilted, one, operations)[open[k]];
      found[open[k]] = is_told && std::abs(tilted[open[k]] - angles[open[k]]) < 1e-6;
      angles[open[k]] = found[open[k]] ? angles[open[k]] : 90;
    }
    return found;
  }
  const Eigen::VectorXd cosines = normal.ldlt().solve(right);
  for (Eigen::Index k = 0; k < n; ++k) {
    if (std::abs(cosines[k]) < 0.999) {
      const auto angle = open[static_cast<std::size_t>(k)];
      angles[angle] = std::round(std::acos(cosines[k]) * 180e9 / std::numbers::pi) / 1e9;
      found[angle] = true;
    }
  }
  return found;
}

} // namespace ionsift::crystal
