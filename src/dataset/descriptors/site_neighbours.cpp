// SPDX-License-Identifier: BSD-3-Clause
#include "site_neighbours.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/crystal/chemistry/element.hpp"

#include "composition_descriptors.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>

namespace ionsift::dataset {

namespace {

constexpr int lithium = 3;

} // namespace

double electronegativity_difference(int a, int b) {
  return std::abs(crystal::element(a).electronegativity - crystal::element(b).electronegativity);
}

OccupiedSites::OccupiedSites(const crystal::Crystal& crystal, const AtomisticOptions& options)
    : crystal_(crystal), options_(options), anion_(anion_of(crystal.composition())) {
  IONSIFT_VALIDATE(
      options.exclusion >= 0 && options.exclusion <= largest_exclusion && options.pair_cutoff > 0 &&
          options.shell > 0,
      usage,
      fmt::format("features with pairs within {} A, shells of {} A and exclusion below {} A make no "
                  "sense",
                  options.pair_cutoff, options.shell, options.exclusion),
      fmt::format("lengths are positive, an exclusion is at most {} A", largest_exclusion),
      "Give for example 4, 1 and 1.5.");
  IONSIFT_VALIDATE(crystal.composition().amount(lithium) > 0, data,
                   fmt::format("structure {} has no lithium", crystal.id),
                   "the features are about Li and what is around it", "Leave the structure out.");
  IONSIFT_VALIDATE(anion_ != lithium, data, fmt::format("structure {} is nothing but lithium", crystal.id),
                   "the features need an anion", "Leave the structure out.");
  for (const auto& orbit : crystal.orbits) {
    Occupants one{orbit.species, 0, 0, 0};
    for (const auto& species : orbit.species) {
      one.total += species.occupancy;
      one.lithium += species.atomic_number == lithium ? species.occupancy : 0;
      one.anion += species.atomic_number == anion_ ? species.occupancy : 0;
    }
    occupants_.push_back(std::move(one));
  }
}

Eigen::Vector3i OccupiedSites::reach(double radius) const {
  // Planes of a family are 1 / |reciprocal vector| apart; fractional coordinates differ by less than 1.
  const Eigen::Matrix3d reciprocal = crystal_.lattice.inverse();
  Eigen::Vector3i cells;
  for (int axis = 0; axis < 3; ++axis) {
    cells(axis) = static_cast<int>(std::ceil(radius * reciprocal.col(axis).norm())) + 1;
  }
  return cells;
}

std::vector<SiteNeighbour> OccupiedSites::around(std::size_t site, double radius) const {
  constexpr double coincidence = 1e-6; // the site itself
  const auto cells = reach(radius);
  std::vector<SiteNeighbour> found;
  for (std::size_t other = 0; other < sites(); ++other) {
    const Eigen::RowVector3d offset =
        (crystal_.sites[other].fractional - crystal_.sites[site].fractional).transpose();
    for (int a = -cells(0); a <= cells(0); ++a) {
      for (int b = -cells(1); b <= cells(1); ++b) {
        for (int c = -cells(2); c <= cells(2); ++c) {
          const Eigen::Vector3d from =
              ((offset + Eigen::RowVector3d(a, b, c)) * crystal_.lattice).transpose();
          const double squared = from.squaredNorm();
          if (squared <= radius * radius && squared > coincidence * coincidence) {
            found.push_back({other, {a, b, c}, from, std::sqrt(squared)});
          }
        }
      }
    }
  }
  // Stable: equal distances in the order of sites and images.
  std::ranges::stable_sort(found, {}, &SiteNeighbour::distance);
  return found;
}

} // namespace ionsift::dataset
