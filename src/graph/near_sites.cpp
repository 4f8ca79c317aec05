// SPDX-License-Identifier: BSD-3-Clause
#include "near_sites.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>

namespace ionsift::graph {

namespace {

// Below this the walk over all pairs is cheaper than the boxes.
constexpr std::size_t large_cell = 500;
constexpr int max_boxes_per_axis = 64;

/// Boxes along one axis, each at least `radius` thick; with fewer than four the boxes beside one are all.
int boxes_along(double radius, double spacing_of_planes) {
  const double fit = std::floor(spacing_of_planes / radius);
  return fit < 4 ? 1 : static_cast<int>(std::min<double>(fit, max_boxes_per_axis));
}

} // namespace

Candidates::Candidates(const crystal::Crystal& crystal, double radius) {
  sorted_.reserve(crystal.sites.size());
  for (const auto& site : crystal.sites) {
    sorted_.push_back(&site);
  }
  std::stable_sort(sorted_.begin(), sorted_.end(), [](auto* a, auto* b) { return a->orbit < b->orbit; });

  if (crystal.sites.size() > large_cell) {
    const Eigen::Matrix3d reciprocal = crystal.lattice.inverse();
    for (int axis = 0; axis < 3; ++axis) {
      boxes_[axis] = boxes_along(radius, 1.0 / reciprocal.col(axis).norm());
    }
  }
  members_.resize(static_cast<std::size_t>(boxes_[0]) * boxes_[1] * boxes_[2]);
  for (std::size_t i = 0; i < sorted_.size(); ++i) {
    const Box box = box_of(sorted_[i]->fractional);
    members_[(box[0] * boxes_[1] + box[1]) * boxes_[2] + box[2]].push_back(static_cast<int>(i));
  }
}

Candidates::Box Candidates::box_of(const Eigen::Vector3d& fractional) const {
  Box box;
  for (int axis = 0; axis < 3; ++axis) {
    const double wrapped = fractional[axis] - std::floor(fractional[axis]);
    box[axis] = std::min(static_cast<int>(wrapped * boxes_[axis]), boxes_[axis] - 1);
  }
  return box;
}

const std::vector<int>& Candidates::members(const Box& box) const {
  return members_[(box[0] * boxes_[1] + box[1]) * boxes_[2] + box[2]];
}

const std::vector<int>& Candidates::near(const Eigen::Vector3d& fractional) {
  if (members_.size() == 1) {
    return members_.front();
  }
  const Box centre = box_of(fractional);
  std::array<int, 3> reach;
  for (int axis = 0; axis < 3; ++axis) {
    reach[axis] = boxes_[axis] > 1 ? 1 : 0;
  }
  const auto wrap = [&](int index, int axis) { return (index + boxes_[axis]) % boxes_[axis]; };
  found_.clear();
  for (int i = -reach[0]; i <= reach[0]; ++i) {
    for (int j = -reach[1]; j <= reach[1]; ++j) {
      for (int k = -reach[2]; k <= reach[2]; ++k) {
        const auto& box = members({wrap(centre[0] + i, 0), wrap(centre[1] + j, 1), wrap(centre[2] + k, 2)});
        found_.insert(found_.end(), box.begin(), box.end());
      }
    }
  }
  std::sort(found_.begin(), found_.end());
  return found_;
}

} // namespace ionsift::graph
