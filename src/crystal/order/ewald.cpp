// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/order/ewald.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/crystal/cell/lattice_reduction.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace ionsift::crystal {

namespace {

constexpr double pi = std::numbers::pi;

double volume_of(const Eigen::Matrix3d& lattice) {
  return std::abs(lattice.determinant());
}

/// With this alpha both sums converge after the same number of vectors.
double splitting_of(const Eigen::Matrix3d& lattice, const EwaldOptions& options) {
  IONSIFT_VALIDATE(options.accuracy > 0 && options.accuracy < 1 && options.splitting >= 0, usage,
                   fmt::format("an Ewald sum with accuracy {} eV and splitting {} 1/angstrom",
                               options.accuracy, options.splitting),
                   "the accuracy lies between 0 and 1 and the splitting is not negative",
                   "Give for example 1e-9 and 0.");
  return options.splitting > 0 ? options.splitting : std::sqrt(pi) / std::cbrt(volume_of(lattice));
}

/// The number s such that real terms beyond s / alpha and reciprocal ones beyond 2 alpha s sum to less than
/// the accuracy: as integrals the two tails are 2 pi exp(-s^2) / (sqrt(pi) s^2 V alpha^2) and
/// 2 alpha exp(-s^2) / (pi s), at most, times the unit.
double reach_of(double volume, double alpha, double accuracy) {
  const double scale = coulomb_constant * std::max(2 * alpha, 4 / (volume * alpha * alpha));
  return std::sqrt(std::max(4.0, std::log(scale / accuracy)));
}

} // namespace

EwaldSum::EwaldSum(const Eigen::Matrix3d& lattice, const EwaldOptions& options)
    : to_space_(lattice.transpose()), alpha_(splitting_of(lattice, options)),
      images_(lattice, reach_of(volume_of(lattice), alpha_, options.accuracy) / alpha_) {
  const double volume = volume_of(lattice);
  background_ = coulomb_constant * pi / (alpha_ * alpha_ * volume);
  const double longest = 2 * alpha_ * reach_of(volume, alpha_, options.accuracy);

  const Eigen::Matrix3d basis = minkowski_reduced(lattice);
  const Eigen::Matrix3d reciprocal = 2 * pi * basis.inverse(); // columns
  // |k . a| <= |k| |a| bounds the multiples along each axis.
  std::array<int, 3> most;
  for (int axis = 0; axis < 3; ++axis) {
    most[static_cast<std::size_t>(axis)] = static_cast<int>(longest * basis.row(axis).norm() / (2 * pi));
  }
  for (int a = 0; a <= most[0]; ++a) {
    for (int b = a == 0 ? 0 : -most[1]; b <= most[1]; ++b) {
      for (int c = a == 0 && b == 0 ? 1 : -most[2]; c <= most[2]; ++c) {
        const Eigen::Vector3d k = reciprocal * Eigen::Vector3d(a, b, c);
        const double squared = k.squaredNorm();
        if (squared > longest * longest) {
          continue;
        }
        kx_.push_back(k.x());
        ky_.push_back(k.y());
        kz_.push_back(k.z());
        // Twice, for k and -k.
        weight_.push_back(2 * coulomb_constant * 4 * pi / volume *
                          std::exp(-squared / (4 * alpha_ * alpha_)) / squared);
      }
    }
  }
}

double EwaldSum::between(const Eigen::Vector3d& offset) {
  constexpr double itself = 1e-12; // square angstrom
  squared_.clear();
  images_.append_squared(offset, squared_);
  double near = 0;
  for (const double squared : squared_) {
    const double distance = std::sqrt(squared);
    // A charge does not act upon itself, but the screening charge around it does.
    near += squared < itself ? -2 * alpha_ / std::sqrt(pi) : std::erfc(alpha_ * distance) / distance;
  }
  const Eigen::Vector3d at = to_space_ * offset;
  double far = 0;
  for (std::size_t i = 0; i < weight_.size(); ++i) {
    far += weight_[i] * std::cos(kx_[i] * at.x() + ky_[i] * at.y() + kz_[i] * at.z());
  }
  return coulomb_constant * near + far - background_;
}

Eigen::MatrixXd interaction_matrix(const Eigen::Matrix3d& lattice,
                                   const std::vector<Eigen::Vector3d>& positions,
                                   const EwaldOptions& options) {
  EwaldSum ewald(lattice, options);
  const auto n = static_cast<Eigen::Index>(positions.size());
  Eigen::MatrixXd interactions(n, n);
  const double own = ewald.between(Eigen::Vector3d::Zero());
  for (Eigen::Index i = 0; i < n; ++i) {
    interactions(i, i) = own;
    for (Eigen::Index j = 0; j < i; ++j) {
      const auto& here = positions[static_cast<std::size_t>(i)];
      interactions(i, j) = interactions(j, i) = ewald.between(here - positions[static_cast<std::size_t>(j)]);
    }
  }
  return interactions;
}

double electrostatic_energy(const Eigen::MatrixXd& interactions, const Eigen::VectorXd& charges) {
  return 0.5 * charges.dot(interactions * charges);
}

} // namespace ionsift::crystal
