// SPDX-License-Identifier: BSD-3-Clause
// An index of sites that can have an image near a given one.
#pragma once

#include "ionsift/crystal/crystal.hpp"

#include <array>
#include <vector>

namespace ionsift::graph {

/// Sites sorted by orbit, and in large cells also into boxes as wide as the cutoff.
class Candidates {
public:
  Candidates(const crystal::Crystal& crystal, double radius);

  /// Positions (see `site`) of all sites that may have an image within the radius of `fractional`, ascending.
  /// The reference holds until the next call.
  const std::vector<int>& near(const Eigen::Vector3d& fractional);

  /// The site at a position of the list that is sorted by orbit.
  const crystal::Site& site(int position) const { return *sorted_[position]; }

private:
  using Box = std::array<int, 3>;
  Box box_of(const Eigen::Vector3d& fractional) const;
  const std::vector<int>& members(const Box& box) const;

  std::vector<const crystal::Site*> sorted_;
  Box boxes_ = {1, 1, 1};
  std::vector<std::vector<int>> members_;
  std::vector<int> found_;
};

} // namespace ionsift::graph
