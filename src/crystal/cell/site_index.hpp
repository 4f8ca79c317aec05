// SPDX-License-Identifier: BSD-3-Clause
// An index of sites near a position in a periodic cell.
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <vector>

namespace ionsift::crystal {

/// Each coordinate in [0, 1); rounding outside it, and values within 1e-12 of a multiple of 1/24, are
/// corrected.
Eigen::Vector3d wrap_into_cell(Eigen::Vector3d fractional);

/// Sites in bins of a grid over the cell.
class SiteIndex {
public:
  /// @param expected sites, which sets the number of bins  @param tolerance fraction of an edge, below 1/64
  SiteIndex(std::size_t expected, double tolerance);

  /// A site with every coordinate within the tolerance, modulo 1; -1 when there is none.
  int find(const Eigen::Vector3d& fractional) const;
  void add(const Eigen::Vector3d& fractional);
  const std::vector<Eigen::Vector3d>& sites() const { return sites_; }

private:
  std::size_t bin(int x, int y, int z) const;
  int coordinate(double x) const;
  int find_in(std::size_t bin, const Eigen::Vector3d& fractional) const;

  double tolerance_;
  int bins_; ///< number of bins along each axis
  std::vector<Eigen::Vector3d> sites_;
  std::vector<int> first_, last_; ///< first and last site of each bin, -1 if it is empty
  std::vector<int> next_;         ///< next site in the same bin, -1 for the last
};

} // namespace ionsift::crystal
