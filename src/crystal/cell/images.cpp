// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/cell/images.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/crystal/cell/lattice_reduction.hpp"

#include "fractional.hpp"

#include <fmt/format.h>

#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>

namespace ionsift::crystal {

namespace {

/// Real cells need a hundred, flat ones a few thousand; a cell that needs more is not physical.
constexpr double most_vectors = 2e6;

/// Half the longest diagonal of a cell: no offset of coordinates in [-0.5, 0.5] is longer.
double longest_offset(const Eigen::Matrix3d& basis) {
  double longest = 0;
  for (const double b : {-0.5, 0.5}) {
    for (const double c : {-0.5, 0.5}) {
      longest = std::max(longest, (0.5 * basis.row(0) + b * basis.row(1) + c * basis.row(2)).norm());
    }
  }
  return longest;
}

} // namespace

ImageSearch::ImageSearch(const Eigen::Matrix3d& lattice, double radius) : limit_(radius * radius) {
  const Eigen::Matrix3d basis = minkowski_reduced(lattice);
  to_reduced_ = (lattice * basis.inverse()).transpose();
  to_space_ = basis.transpose();

  constexpr double slack = 1e-9; // rounding must not drop a vector
  const double reach = radius + longest_offset(basis) + slack;
  // Coordinate k moves a point by its multiple of the spacing of planes k, and the offset has up to a half.
  const Eigen::Matrix3d reciprocal = basis.inverse();
  std::array<int, 3> most;
  for (int k = 0; k < 3; ++k) {
    const double planes = radius * reciprocal.col(k).norm() + 0.5 + slack;
    most[static_cast<std::size_t>(k)] = static_cast<int>(std::min(planes, most_vectors));
  }
  const double looked_at = (2.0 * most[0] + 1) * (2.0 * most[1] + 1) * (2.0 * most[2] + 1);
  IONSIFT_VALIDATE(
      looked_at <= most_vectors, limit,
      fmt::format("about {:.3g} images of a site lie within {} angstrom", looked_at, radius),
      fmt::format("the cell has {:.3g} cubic angstrom and is too thin", std::abs(basis.determinant())),
      "Check the cell.");
  for (int a = -most[0]; a <= most[0]; ++a) {
    for (int b = -most[1]; b <= most[1]; ++b) {
      for (int c = -most[2]; c <= most[2]; ++c) {
        const Eigen::Vector3d vector = to_space_ * Eigen::Vector3d(a, b, c);
        if (vector.norm() <= reach) {
          x_.push_back(vector.x());
          y_.push_back(vector.y());
          z_.push_back(vector.z());
        }
      }
    }
  }
  all_.resize(x_.size());
}

void ImageSearch::append_squared(const Eigen::Vector3d& offset, std::vector<double>& squared) {
  const Eigen::Vector3d point = to_space_ * wrapped(to_reduced_ * offset);
  const std::size_t count = all_.size();
  for (std::size_t i = 0; i < count; ++i) {
    const double x = point.x() + x_[i], y = point.y() + y_[i], z = point.z() + z_[i];
    all_[i] = x * x + y * y + z * z;
  }
  const std::size_t before = squared.size();
  squared.resize(before + count);
  double* end = squared.data() + before;
  for (const double distance : all_) {
    *end = distance;
    end += distance <= limit_ ? 1 : 0;
  }
  squared.resize(static_cast<std::size_t>(end - squared.data()));
}

} // namespace ionsift::crystal
