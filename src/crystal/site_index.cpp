#include "site_index.hpp"

#include <algorithm>
#include <cmath>

namespace ionsift::crystal {

Eigen::Vector3d wrap_into_cell(Eigen::Vector3d fractional) {
  for (double& x : fractional) {
    const double multiple = std::round(x * 24) / 24;
    if (std::abs(x - multiple) < 1e-12) {
      x = multiple;
    }
    x -= std::floor(x);
    if (x >= 1.0) {
      x = 0.0;
    }
  }
  return fractional;
}

SiteIndex::SiteIndex(std::size_t expected, double tolerance)
    : tolerance_(tolerance), bins_(std::clamp(static_cast<int>(std::cbrt(double(expected))), 1, 64)) {
}

int SiteIndex::coordinate(double x) const {
  const double wrapped = x - std::floor(x);
  return static_cast<int>(wrapped * bins_) % bins_;
}

std::int64_t SiteIndex::bin(int x, int y, int z) const {
  return (std::int64_t(x) * bins_ + y) * bins_ + z;
}

int SiteIndex::find(const Eigen::Vector3d& fractional) const {
  int low[3];
  int high[3];
  for (int axis = 0; axis < 3; ++axis) {
    low[axis] = coordinate(fractional[axis] - tolerance_);
    high[axis] = coordinate(fractional[axis] + tolerance_);
  }
  // At most two bins along each axis, since the tolerance is narrower than a bin.
  for (int choice = 0; choice < 8; ++choice) {
    int cell[3];
    bool repeated = false;
    for (int axis = 0; axis < 3; ++axis) {
      const bool upper = (choice >> axis & 1) != 0;
      cell[axis] = upper ? high[axis] : low[axis];
      repeated = repeated || (upper && low[axis] == high[axis]);
    }
    const auto found = repeated ? contents_.end() : contents_.find(bin(cell[0], cell[1], cell[2]));
    if (found == contents_.end()) {
      continue;
    }
    for (const int site : found->second) {
      const Eigen::Array3d difference = (sites_[static_cast<std::size_t>(site)] - fractional).array();
      if ((difference - difference.round()).abs().maxCoeff() < tolerance_) {
        return site;
      }
    }
  }
  return -1;
}

void SiteIndex::add(const Eigen::Vector3d& fractional) {
  const int index = static_cast<int>(sites_.size());
  sites_.push_back(fractional);
  contents_[bin(coordinate(fractional[0]), coordinate(fractional[1]), coordinate(fractional[2]))].push_back(
      index);
}

} // namespace ionsift::crystal
