// SPDX-License-Identifier: BSD-3-Clause
// Sites of a disordered crystal, their neighbours and mutual exclusions.
#pragma once

#include "ionsift/crystal/crystal.hpp"
#include "ionsift/dataset/descriptors/atomistic.hpp"

#include <Eigen/Core>
#include <array>
#include <vector>

namespace ionsift::dataset {

/// Parts of a split site are not farther apart, angstrom.
inline constexpr double largest_exclusion = 3;

/// The possible occupants of one orbit's sites.
struct Occupants {
  std::vector<crystal::Species> species;
  double lithium = 0, anion = 0, total = 0; ///< probabilities
};

/// An image of a site near another.
struct SiteNeighbour {
  std::size_t site = 0;
  Eigen::Vector3i image; ///< translation of the image in cells
  Eigen::Vector3d from;  ///< vector to it, angstrom
  double distance = 0;   ///< angstrom
};

class OccupiedSites {
public:
  /// @throws Error data (no Li, no other element)
  OccupiedSites(const crystal::Crystal& crystal, const AtomisticOptions& options);

  const crystal::Crystal& crystal() const { return crystal_; }
  std::size_t sites() const { return crystal_.sites.size(); }
  int anion() const { return anion_; } ///< atomic number
  const Occupants& of_orbit(std::size_t orbit) const { return occupants_[orbit]; }
  const Occupants& of(std::size_t site) const {
    return occupants_[static_cast<std::size_t>(crystal_.sites[site].orbit)];
  }
  /// Whether two sites at this distance are never occupied together.
  bool exclude(std::size_t a, std::size_t b, double distance) const {
    constexpr double rounding = 0.01;
    return distance < options_.exclusion && of(a).total + of(b).total <= 1 + rounding;
  }
  /// Images of all sites within a radius of a site, the nearest first.
  std::vector<SiteNeighbour> around(std::size_t site, double radius) const;
  /// How many cells a sphere reaches beyond a site's own along each axis.
  Eigen::Vector3i reach(double radius) const;

private:
  const crystal::Crystal& crystal_;
  AtomisticOptions options_;
  int anion_ = 0;
  std::vector<Occupants> occupants_;
};

/// |difference of Pauling electronegativities|
double electronegativity_difference(int a, int b);

} // namespace ionsift::dataset
