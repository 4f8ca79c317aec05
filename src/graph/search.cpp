#include "search.hpp"

#include "ionsift/base/error.hpp"

#include <fmt/format.h>

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <cstdint>

namespace ionsift::graph {

TriangularCell TriangularCell::from_lattice(const Eigen::Matrix3d& lattice) {
  IONSIFT_VALIDATE(lattice.allFinite(), data, "the lattice has an entry that is not finite",
                   "lengths or angles of the cell cannot be right", "Correct the cell in the source.");
  const Eigen::Vector3d a = lattice.row(0), b = lattice.row(1), c = lattice.row(2);
  const Eigen::Vector3d normal = a.cross(b);
  const double area = normal.norm();
  const double volume = std::abs(normal.dot(c));
  IONSIFT_VALIDATE(volume > 1e-6 * a.norm() * b.norm() * c.norm() && volume > 0, data,
                   fmt::format("the cell has no volume ({:.3g} cubic angstrom)", volume),
                   "its three vectors lie in a plane", "Correct the cell in the source.");
  TriangularCell cell;
  cell.ax = a.norm();
  const Eigen::Vector3d x = a / cell.ax;
  cell.bx = b.dot(x);
  cell.by = area / cell.ax;
  cell.cx = c.dot(x);
  cell.cy = c.dot(b - cell.bx * x) / cell.by;
  cell.cz = volume / area;
  return cell;
}

namespace {

struct Range {
  std::int64_t first, last;
};

/// Whole numbers n with |start + n| * spacing <= reach, and perhaps one more at either end: the exact test
/// comes afterwards, and rounding must not take one away here. (Truncation is used because std::floor is a
/// function call in code for the oldest processors.)
Range images(double start, double spacing, double reach) {
  constexpr double slack = 1e-9;
  const double half_width = reach / spacing + slack;
  const double low = -start - half_width, high = half_width - start;
  const auto down = static_cast<std::int64_t>(low), up = static_cast<std::int64_t>(high);
  return {down + (static_cast<double>(down) < low ? 1 : 0), up - (static_cast<double>(up) > high ? 1 : 0)};
}

} // namespace

void append_distances(const TriangularCell& cell, const Eigen::Vector3d& offset, double cutoff,
                      std::vector<double>& distances) {
  const double radius = cutoff + coincidence;
  const double limit = radius * radius;
  const Range along_c = images(offset[2], cell.cz, radius);
  for (auto n_c = along_c.first; n_c <= along_c.last; ++n_c) {
    const double w = offset[2] + static_cast<double>(n_c);
    const double z = w * cell.cz;
    const double left_by_z = std::max(limit - z * z, 0.0);
    const double y_of_c = w * cell.cy;
    const Range along_b = images(offset[1] + y_of_c / cell.by, cell.by, std::sqrt(left_by_z));
    for (auto n_b = along_b.first; n_b <= along_b.last; ++n_b) {
      const double v = offset[1] + static_cast<double>(n_b);
      const double y = y_of_c + v * cell.by;
      const double left_by_y = std::max(left_by_z - y * y, 0.0);
      const double x_of_bc = w * cell.cx + v * cell.bx;
      const Range along_a = images(offset[0] + x_of_bc / cell.ax, cell.ax, std::sqrt(left_by_y));
      for (auto n_a = along_a.first; n_a <= along_a.last; ++n_a) {
        const double x = x_of_bc + (offset[0] + static_cast<double>(n_a)) * cell.ax;
        const double squared = x * x + y * y + z * z;
        if (squared <= limit && squared > coincidence * coincidence) {
          distances.push_back(std::sqrt(squared));
        }
      }
    }
  }
}

} // namespace ionsift::graph
