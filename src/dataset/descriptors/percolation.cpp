// SPDX-License-Identifier: BSD-3-Clause
#include "percolation.hpp"

#include "ionsift/base/assertion.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <unordered_map>

namespace ionsift::dataset {

namespace {

using Translation = Eigen::Vector3i;

/// A point of the grid; absent ones are their own parent with size 0.
struct Node {
  std::uint32_t parent = 0;
  std::uint32_t size = 0;
  Translation to_parent = Translation::Zero(); ///< offset of this point from its parent's copy, in cells
};

class Regions {
public:
  explicit Regions(const std::array<int, 3>& points)
      : points_(points), nodes_(static_cast<std::size_t>(points[0]) * points[1] * points[2]) {}

  /// Adds a point with its bonds to existing ones. @return dimensions in which its region percolates
  int add(std::uint32_t point) {
    nodes_[point].parent = point;
    nodes_[point].size = 1;
    const auto nz = static_cast<std::uint32_t>(points_[2]), ny = static_cast<std::uint32_t>(points_[1]);
    const std::array<int, 3> at = {static_cast<int>(point / (ny * nz)), static_cast<int>(point / nz % ny),
                                   static_cast<int>(point % nz)};
    for (int x = -1; x <= 1; ++x) {
      for (int y = -1; y <= 1; ++y) {
        for (int z = -1; z <= 1; ++z) {
          if (x != 0 || y != 0 || z != 0) {
            bond(point, {at[0] + x, at[1] + y, at[2] + z});
          }
        }
      }
    }
    const auto known = windings_.find(find(point).root);
    return known == windings_.end() ? 0 : known->second.dimensions();
  }

private:
  struct Found {
    std::uint32_t root;
    Translation translation; ///< from the root's copy
  };

  Found find(std::uint32_t point) {
    Translation sum = Translation::Zero();
    while (nodes_[point].parent != point) {
      auto& node = nodes_[point];
      const auto& parent = nodes_[node.parent];
      if (parent.parent != node.parent) { // halve the path
        node.to_parent += parent.to_parent;
        node.parent = parent.parent;
      }
      sum += node.to_parent;
      point = node.parent;
    }
    return {point, sum};
  }

  void bond(std::uint32_t from, std::array<int, 3> to) {
    Translation cells = Translation::Zero();
    for (std::size_t axis = 0; axis < 3; ++axis) {
      if (to[axis] < 0) {
        to[axis] += points_[axis];
        cells[static_cast<Eigen::Index>(axis)] = -1;
      } else if (to[axis] >= points_[axis]) {
        to[axis] -= points_[axis];
        cells[static_cast<Eigen::Index>(axis)] = 1;
      }
    }
    const auto other = static_cast<std::uint32_t>((to[0] * points_[1] + to[1]) * points_[2] + to[2]);
    if (nodes_[other].size == 0) {
      return;
    }
    const auto a = find(from);
    const auto b = find(other);
    const Translation difference = a.translation + cells - b.translation;
    if (a.root != b.root) {
      unite(a.root, b.root, difference);
    } else if (!difference.isZero()) {
      windings_[a.root].add(difference);
    }
  }

  /// @param difference translation of b's copy from a's
  void unite(std::uint32_t a, std::uint32_t b, Translation difference) {
    if (nodes_[a].size < nodes_[b].size) {
      std::swap(a, b);
      difference = -difference;
    }
    nodes_[b].parent = a;
    nodes_[b].to_parent = difference;
    nodes_[a].size += nodes_[b].size;
    if (const auto moved = windings_.extract(b); !moved.empty()) {
      windings_[a].add(moved.mapped());
    }
  }

  std::array<int, 3> points_;
  std::vector<Node> nodes_;
  std::unordered_map<std::uint32_t, Windings> windings_; ///< windings of the roots that have any
};

} // namespace

bool Windings::add(const Eigen::Vector3i& translation) {
  const auto has_volume = [&] {
    const Eigen::Matrix<std::int64_t, 3, 1> a = independent_[0].cast<std::int64_t>();
    const Eigen::Matrix<std::int64_t, 3, 1> b = independent_[1].cast<std::int64_t>();
    const Eigen::Matrix<std::int64_t, 3, 1> c = translation.cast<std::int64_t>();
    return a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) +
               a[2] * (b[0] * c[1] - b[1] * c[0]) !=
           0;
  };
  const auto has_area = [&] {
    const auto& a = independent_[0];
    return a[1] * translation[2] != a[2] * translation[1] || a[0] * translation[2] != a[2] * translation[0] ||
           a[0] * translation[1] != a[1] * translation[0];
  };
  const bool grows = (independent_.empty() && !translation.isZero()) ||
                     (independent_.size() == 1 && has_area()) || (independent_.size() == 2 && has_volume());
  if (grows) {
    independent_.push_back(translation);
  }
  return grows;
}

bool Windings::add(const Windings& other) {
  bool grows = false;
  for (const auto& translation : other.independent_) {
    grows = add(translation) || grows;
  }
  return grows;
}

std::array<double, 3> percolation_levels(std::span<const double> level, const std::array<int, 3>& points,
                                         double highest) {
  const auto size = static_cast<std::size_t>(points[0]) * points[1] * points[2];
  IONSIFT_ASSERT(level.size() == size && size < std::numeric_limits<std::uint32_t>::max(),
                 fmt::format("{} levels for a grid of {} points", level.size(), size));
  std::vector<std::uint32_t> order;
  order.reserve(size);
  for (std::uint32_t point = 0; point < size; ++point) {
    if (level[point] <= highest) {
      order.push_back(point);
    }
  }
  // Ties in the order of the grid: the result does not depend on the library's sort.
  std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
    return level[a] != level[b] ? level[a] < level[b] : a < b;
  });
  std::array<double, 3> found;
  found.fill(std::numeric_limits<double>::infinity());
  Regions regions(points);
  int dimensions = 0;
  for (const auto point : order) {
    for (const int reached = regions.add(point); dimensions < reached; ++dimensions) {
      found[static_cast<std::size_t>(dimensions)] = level[point];
    }
    if (dimensions == 3) {
      break;
    }
  }
  return found;
}

} // namespace ionsift::dataset
