// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/cell/lattice_reduction.hpp"

#include "lattice.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace ionsift::crystal {

namespace {

using Basis = std::array<Eigen::Vector3d, 3>;

/// Shorter by more than rounding, so that equal lengths are not swapped forever.
bool is_shorter(const Eigen::Vector3d& a, const Eigen::Vector3d& b) {
  return a.squaredNorm() < b.squaredNorm() * (1 - 1e-10);
}

/// Gauss: makes a the shortest and b the next shortest vector of their plane's lattice.
void reduce_pair(Eigen::Vector3d& a, Eigen::Vector3d& b) {
  while (true) {
    if (is_shorter(b, a)) {
      std::swap(a, b);
    }
    const Eigen::Vector3d shorter = b - std::round(a.dot(b) / a.squaredNorm()) * a;
    if (!is_shorter(shorter, b)) {
      return;
    }
    b = shorter;
  }
}

/// The shortest of c + m a + n b for a reduced pair a, b: near the projection of c onto their plane.
Eigen::Vector3d shortened(const Eigen::Vector3d& c, const Eigen::Vector3d& a, const Eigen::Vector3d& b) {
  Eigen::Matrix2d gram;
  gram << a.dot(a), a.dot(b), a.dot(b), b.dot(b);
  const Eigen::Vector2d foot = gram.inverse() * Eigen::Vector2d(a.dot(c), b.dot(c));
  Eigen::Vector3d best = c;
  for (int i = -1; i <= 1; ++i) {
    for (int j = -1; j <= 1; ++j) {
      const Eigen::Vector3d candidate = c - (std::round(foot.x()) + i) * a - (std::round(foot.y()) + j) * b;
      if (is_shorter(candidate, best)) {
        best = candidate;
      }
    }
  }
  return best;
}

} // namespace

Eigen::Matrix3d minkowski_reduced(const Eigen::Matrix3d& lattice) {
  Basis basis = {lattice.row(0), lattice.row(1), lattice.row(2)};
  while (true) {
    std::stable_sort(basis.begin(), basis.end(), is_shorter);
    reduce_pair(basis[0], basis[1]);
    const Eigen::Vector3d third = shortened(basis[2], basis[0], basis[1]);
    const bool done = !is_shorter(third, basis[1]);
    basis[2] = third;
    if (done) {
      break;
    }
  }
  Eigen::Matrix3d reduced;
  reduced << basis[0].transpose(), basis[1].transpose(), basis[2].transpose();
  return reduced;
}

CellParameters cell_parameters(const Eigen::Matrix3d& lattice) {
  return {lattice.rowwise().norm(), angles_of(lattice)};
}

Eigen::Matrix3d lattice_of(const CellParameters& parameters) {
  const Eigen::Array3d radians = parameters.angles.array() * std::numbers::pi / 180.0;
  const Eigen::Array3d cosine = radians.cos();
  const double sine_gamma = std::sin(radians[2]);
  const double cx = cosine[1];
  const double cy = (cosine[0] - cosine[1] * cosine[2]) / sine_gamma;
  const double cz = std::sqrt(std::max(0.0, 1 - cx * cx - cy * cy));
  Eigen::Matrix3d lattice;
  lattice << parameters.lengths[0], 0, 0,                                       //
      parameters.lengths[1] * cosine[2], parameters.lengths[1] * sine_gamma, 0, //
      parameters.lengths[2] * cx, parameters.lengths[2] * cy, parameters.lengths[2] * cz;
  return lattice;
}

} // namespace ionsift::crystal
