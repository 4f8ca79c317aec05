// SPDX-License-Identifier: BSD-3-Clause
#include "overlaps.hpp"

#include "fractional.hpp"

#include <fmt/format.h>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <vector>

namespace ionsift::crystal {

namespace {

constexpr double nearest_sites = 0.5; ///< angstrom
/// Occupancies are written with two or three digits.
constexpr double most_together = 1.01;

/// Without hydrogen, which is refined near to its neighbours.
double heavy_occupancy(const Orbit& orbit) {
  double sum = 0;
  for (const Species& species : orbit.species) {
    sum += species.atomic_number == 1 ? 0.0 : species.occupancy;
  }
  return sum;
}

/// A site and its coordinate along one axis of the cell.
struct Passed {
  double along;
  std::size_t site;
};

class OverlapSearch {
public:
  OverlapSearch(const Crystal& crystal, const TimeBudget& budget)
      : crystal_(crystal), budget_(budget),
        reach_(nearest_sites * crystal.lattice.inverse().colwise().norm().transpose()),
        to_space_(crystal.lattice.transpose()) {
    for (const Orbit& orbit : crystal.orbits) {
      occupancy_.push_back(heavy_occupancy(orbit));
    }
  }

  std::optional<std::string> run() {
    // Only sites that follow one another closely along the axis of the widest planes are compared.
    reach_.minCoeff(&axis_);
    std::vector<Passed> order;
    order.reserve(crystal_.sites.size());
    for (std::size_t i = 0; i < crystal_.sites.size(); ++i) {
      order.push_back({crystal_.sites[i].fractional[axis_], i});
    }
    std::ranges::sort(order, {}, &Passed::along);
    const std::size_t n = order.size();
    for (std::size_t i = 0; i < n; ++i) {
      budget_.check();
      for (std::size_t step = 1; step < n; ++step) {
        const Passed& other = order[(i + step) % n];
        const double ahead = other.along - order[i].along + (i + step >= n ? 1.0 : 0.0);
        if (ahead > reach_[axis_]) {
          break;
        }
        compare(order[i].site, other.site);
      }
    }
    return pairs_ == 0
               ? std::nullopt
               : std::optional(fmt::format("{} pairs of sites, the nearest: {} and {}, {:.3f} A apart with "
                                           "occupancies of {:.4g} together",
                                           pairs_, label(nearest_.first), label(nearest_.second), distance_,
                                           together_));
  }

private:
  void compare(std::size_t a, std::size_t b) {
    const Site& first = crystal_.sites[a];
    const Site& second = crystal_.sites[b];
    const Eigen::Vector3d apart = wrapped(second.fractional - first.fractional);
    if ((apart.array().abs() > reach_.array()).any()) {
      return;
    }
    const double together = occupancy_[static_cast<std::size_t>(first.orbit)] +
                            occupancy_[static_cast<std::size_t>(second.orbit)];
    const double distance = (to_space_ * apart).norm();
    if (distance >= nearest_sites || together <= most_together) {
      return;
    }
    if (pairs_++ == 0 || distance < distance_) {
      nearest_ = {a, b};
      distance_ = distance;
      together_ = together;
    }
  }

  const std::string& label(std::size_t site) const {
    return crystal_.orbits[static_cast<std::size_t>(crystal_.sites[site].orbit)].label;
  }

  const Crystal& crystal_;
  const TimeBudget& budget_;
  Eigen::Vector3d reach_; ///< largest differences of coordinates of near sites
  Eigen::Matrix3d to_space_;
  std::vector<double> occupancy_; ///< [orbits] occupancy
  Eigen::Index axis_ = 0;
  std::size_t pairs_ = 0;
  std::pair<std::size_t, std::size_t> nearest_;
  double distance_ = 0;
  double together_ = 0;
};

} // namespace

std::optional<std::string> find_overlaps(const Crystal& crystal, const TimeBudget& budget) {
  return OverlapSearch(crystal, budget).run();
}

} // namespace ionsift::crystal
