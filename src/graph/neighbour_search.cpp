// SPDX-License-Identifier: BSD-3-Clause
#include "neighbour_search.hpp"

#include "ionsift/base/error.hpp"

#include <fmt/format.h>

#include <Eigen/Geometry>
#include <cmath>

namespace ionsift::graph {

double volume_of(const Eigen::Matrix3d& lattice) {
  IONSIFT_VALIDATE(lattice.allFinite(), data, "the lattice has an entry that is not finite",
                   "lengths or angles of the cell cannot be right", "Correct the cell in the source.");
  const Eigen::Vector3d a = lattice.row(0), b = lattice.row(1), c = lattice.row(2);
  const double volume = std::abs(a.cross(b).dot(c));
  IONSIFT_VALIDATE(volume > 1e-6 * a.norm() * b.norm() * c.norm() && volume > 0, data,
                   fmt::format("the cell has no volume ({:.3g} cubic angstrom)", volume),
                   "its three vectors lie in a plane", "Correct the cell in the source.");
  return volume;
}

std::size_t append_distances(crystal::ImageSearch& images, const Eigen::Vector3d& offset,
                             std::vector<double>& distances) {
  const std::size_t before = distances.size();
  images.append_squared(offset, distances);
  std::size_t kept = before;
  for (std::size_t i = before; i < distances.size(); ++i) {
    if (distances[i] > coincidence * coincidence) {
      distances[kept++] = std::sqrt(distances[i]);
    }
  }
  distances.resize(kept);
  return kept - before;
}

} // namespace ionsift::graph
