// SPDX-License-Identifier: BSD-3-Clause
#include "lattice_mapping.hpp"

#include "ionsift/crystal/cell/lattice_reduction.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace ionsift::crystal {

namespace {

struct LatticeVector {
  Eigen::Vector3i multiples;
  Eigen::Vector3d cartesian;
  double length;
};

/// All lattice vectors but zero within a sphere.
std::vector<LatticeVector> vectors_within(const Eigen::Matrix3d& lattice, double radius) {
  // Rows of the inverse transpose are the reciprocal vectors; their lengths bound each multiple.
  const Eigen::Matrix3d reciprocal = lattice.inverse().transpose();
  Eigen::Vector3i most;
  for (int i = 0; i < 3; ++i) {
    most[i] = static_cast<int>(std::floor(radius * reciprocal.row(i).norm() + 1e-9));
  }
  std::vector<LatticeVector> vectors;
  for (int i = -most[0]; i <= most[0]; ++i) {
    for (int j = -most[1]; j <= most[1]; ++j) {
      for (int k = -most[2]; k <= most[2]; ++k) {
        const Eigen::Vector3i multiples(i, j, k);
        const Eigen::Vector3d cartesian = lattice.transpose() * multiples.cast<double>();
        const double length = cartesian.norm();
        if (!multiples.isZero() && length <= radius) {
          vectors.push_back({multiples, cartesian, length});
        }
      }
    }
  }
  return vectors;
}

double degrees_between(const LatticeVector& a, const LatticeVector& b) {
  const double cosine = std::clamp(a.cartesian.dot(b.cartesian) / (a.length * b.length), -1.0, 1.0);
  return std::acos(cosine) * 180.0 / std::numbers::pi;
}

} // namespace

std::vector<LatticeMapping> lattice_mappings(const Eigen::Matrix3d& lattice, const Eigen::Matrix3d& target,
                                             double length_tolerance, double angle_tolerance) {
  const auto wanted = cell_parameters(target);
  std::array<std::vector<LatticeVector>, 3> edges;
  for (const auto& vector : vectors_within(lattice, wanted.lengths.maxCoeff() * (1 + length_tolerance))) {
    for (int i = 0; i < 3; ++i) {
      const double ratio = vector.length / wanted.lengths[i];
      if (ratio <= 1 + length_tolerance && ratio >= 1 / (1 + length_tolerance)) {
        edges[static_cast<std::size_t>(i)].push_back(vector);
      }
    }
  }
  std::vector<LatticeMapping> mappings;
  const auto misfit = [&](const LatticeVector& a, const LatticeVector& b, int angle) {
    return std::abs(degrees_between(a, b) - wanted.angles[angle]);
  };
  for (const auto& a : edges[0]) {
    for (const auto& b : edges[1]) {
      const double gamma = misfit(a, b, 2);
      if (gamma > angle_tolerance) {
        continue;
      }
      for (const auto& c : edges[2]) {
        const double alpha = misfit(b, c, 0);
        const double beta = alpha > angle_tolerance ? alpha : misfit(a, c, 1);
        if (alpha > angle_tolerance || beta > angle_tolerance) {
          continue;
        }
        Eigen::Matrix3i multiples;
        multiples << a.multiples.transpose(), b.multiples.transpose(), c.multiples.transpose();
        if (std::abs(multiples.determinant()) == 1) {
          const Eigen::Array3d ratios = Eigen::Array3d(a.length, b.length, c.length) / wanted.lengths.array();
          const double strain = ratios.log().abs().sum();
          const double shear = (alpha + beta + gamma) * std::numbers::pi / 180.0;
          mappings.push_back({multiples, strain + shear});
        }
      }
    }
  }
  // Rounded, so that mappings related by symmetry keep the order of the search on every machine.
  std::ranges::stable_sort(mappings, {}, [](const auto& m) { return std::round(m.deviation * 1e6); });
  return mappings;
}

} // namespace ionsift::crystal
