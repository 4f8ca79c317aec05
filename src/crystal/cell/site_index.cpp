// SPDX-License-Identifier: BSD-3-Clause
#include "site_index.hpp"

#include "fractional.hpp"

#include <algorithm>
#include <cmath>

namespace ionsift::crystal {

Eigen::Vector3d wrap_into_cell(Eigen::Vector3d fractional) {
  for (double& x : fractional) {
    const double multiple = nearest_whole(x * 24) / 24;
    if (std::abs(x - multiple) < 1e-12) {
      x = multiple;
    }
    x -= floor_of(x);
    if (x >= 1.0) {
      x = 0.0;
    }
  }
  return fractional;
}

SiteIndex::SiteIndex(std::size_t expected, double tolerance)
    : tolerance_(tolerance), bins_(std::clamp(static_cast<int>(std::cbrt(double(expected))), 1, 64)),
      first_(bin(bins_ - 1, bins_ - 1, bins_ - 1) + 1, -1), last_(first_) {
}

int SiteIndex::coordinate(double x) const {
  const int bin = static_cast<int>((x - floor_of(x)) * bins_);
  return bin < bins_ ? bin : 0; // cheaper than a division
}

std::size_t SiteIndex::bin(int x, int y, int z) const {
  const auto row =
      static_cast<std::size_t>(x) * static_cast<std::size_t>(bins_) + static_cast<std::size_t>(y);
  return row * static_cast<std::size_t>(bins_) + static_cast<std::size_t>(z);
}

int SiteIndex::find_in(std::size_t bin, const Eigen::Vector3d& fractional) const {
  for (int site = first_[bin]; site >= 0; site = next_[static_cast<std::size_t>(site)]) {
    const Eigen::Vector3d difference = wrapped(sites_[static_cast<std::size_t>(site)] - fractional);
    if (difference.cwiseAbs().maxCoeff() < tolerance_) {
      return site;
    }
  }
  return -1;
}

int SiteIndex::find(const Eigen::Vector3d& fractional) const {
  Eigen::Vector3i low;
  Eigen::Vector3i high;
  bool one_bin = true;
  for (int axis = 0; axis < 3; ++axis) {
    low[axis] = coordinate(fractional[axis] - tolerance_);
    high[axis] = coordinate(fractional[axis] + tolerance_);
    one_bin = one_bin && low[axis] == high[axis];
  }
  if (one_bin) {
    return find_in(bin(low[0], low[1], low[2]), fractional);
  }
  // At most two bins along each axis, since the tolerance is narrower than a bin.
  for (int choice = 0; choice < 8; ++choice) {
    Eigen::Vector3i cell;
    bool repeated = false;
    for (int axis = 0; axis < 3; ++axis) {
      const bool upper = (choice >> axis & 1) != 0;
      cell[axis] = upper ? high[axis] : low[axis];
      repeated = repeated || (upper && low[axis] == high[axis]);
    }
    const int site = repeated ? -1 : find_in(bin(cell[0], cell[1], cell[2]), fractional);
    if (site >= 0) {
      return site;
    }
  }
  return -1;
}

void SiteIndex::add(const Eigen::Vector3d& fractional) {
  const int index = static_cast<int>(sites_.size());
  const std::size_t at = bin(coordinate(fractional[0]), coordinate(fractional[1]), coordinate(fractional[2]));
  sites_.push_back(fractional);
  next_.push_back(-1);
  if (last_[at] < 0) {
    first_[at] = index;
  } else {
    next_[static_cast<std::size_t>(last_[at])] = index;
  }
  last_[at] = index;
}

} // namespace ionsift::crystal
