// SPDX-License-Identifier: BSD-3-Clause
#include "site_energy.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/crystal/atom.hpp"
#include "ionsift/crystal/cell/lattice_reduction.hpp"
#include "ionsift/crystal/chemistry/element.hpp"

#include "bond_valence.hpp"
#include "ionic_radii.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <limits>

namespace ionsift::dataset {

namespace {

constexpr int lithium = 3;
constexpr double coulomb = 14.4;       // eV angstrom
constexpr double repulsion_cutoff = 6; // angstrom; the screening has left less than 0.1 % there
constexpr double closest = 0.1;        // angstrom; the energy is constant below this distance
constexpr double widest = 3;           // angstrom; upper limit of free distances
constexpr double blocking = 0.5;       // occupancy from which a site blocks the path
constexpr double least_occupancy = 1e-6;

/// A cell with a grid of points.
class Grid {
public:
  Grid(const crystal::Crystal& crystal, const PathOptions& options)
      : lattice_(crystal::minkowski_reduced(crystal.lattice)),
        to_reduced_(crystal.lattice * lattice_.inverse()) {
    double spacing = options.spacing;
    const double volume = std::abs(lattice_.determinant());
    spacing = std::max(spacing, std::cbrt(volume / options.max_points));
    for (int axis = 0; axis < 3; ++axis) {
      const double edge = lattice_.row(axis).norm();
      points[static_cast<std::size_t>(axis)] = std::max(4, static_cast<int>(std::ceil(edge / spacing)));
      step_.row(axis) = lattice_.row(axis) / points[static_cast<std::size_t>(axis)];
    }
    per_length_ = step_.inverse().colwise().norm();
  }

  std::size_t size() const { return static_cast<std::size_t>(points[0]) * points[1] * points[2]; }

  /// Calls `visit(point, squared distance)` for all points within a radius of a site and of its images.
  template <typename Visit>
  void around(const Eigen::Vector3d& fractional, double radius, const Visit& visit) const {
    const Eigen::RowVector3d reduced = fractional.transpose() * to_reduced_;
    Eigen::RowVector3d place;
    for (int axis = 0; axis < 3; ++axis) {
      place[axis] = reduced[axis] * points[static_cast<std::size_t>(axis)];
    }
    const double along = step_.row(2).squaredNorm();
    const auto [first_x, last_x] = range(place, 0, radius);
    const auto [first_y, last_y] = range(place, 1, radius);
    for (int x = first_x; x <= last_x; ++x) {
      for (int y = first_y; y <= last_y; ++y) {
        const Eigen::RowVector3d from =
            (x - place[0]) * step_.row(0) + (y - place[1]) * step_.row(1) - place[2] * step_.row(2);
        // |from + z step|^2 <= radius^2 between the roots of a parabola in z.
        const double half = from.dot(step_.row(2));
        const double start = from.squaredNorm();
        const double discriminant = half * half - along * (start - radius * radius);
        if (discriminant <= 0) {
          continue;
        }
        const double root = std::sqrt(discriminant);
        const int first = static_cast<int>(std::ceil((-half - root) / along));
        const int last = static_cast<int>(std::floor((-half + root) / along));
        const auto line = (static_cast<std::size_t>(wrapped(x, 0)) * points[1] + wrapped(y, 1)) * points[2];
        int inside = wrapped(first, 2);
        for (int z = first; z <= last; ++z) {
          visit(line + static_cast<std::size_t>(inside), start + z * (2 * half + z * along));
          inside = inside + 1 == points[2] ? 0 : inside + 1;
        }
      }
    }
  }

  std::array<int, 3> points{};

private:
  std::pair<int, int> range(const Eigen::RowVector3d& place, int axis, double radius) const {
    const double reach = radius * per_length_[axis];
    return {static_cast<int>(std::ceil(place[axis] - reach)),
            static_cast<int>(std::floor(place[axis] + reach))};
  }

  int wrapped(int index, std::size_t axis) const {
    const int rest = index % points[axis];
    return rest < 0 ? rest + points[axis] : rest;
  }

  Eigen::Matrix3d lattice_, to_reduced_;
  Eigen::Matrix3d step_;          ///< rows: from point to point
  Eigen::RowVector3d per_length_; ///< points for each angstrom across the planes of an axis
};

/// Energy of lithium against the squared distance from a site, in equal steps.
class RadialEnergy {
public:
  explicit RadialEnergy(const std::vector<crystal::Species>& species, double screening) {
    for (const auto& one : species) {
      cutoff_ = std::max(cutoff_, counts(one) ? reach(one) : 0);
    }
    if (cutoff_ == 0) {
      return;
    }
    per_square_ = intervals / (cutoff_ * cutoff_);
    energy_.assign(intervals + 2, 0);
    for (const auto& one : species) {
      for (int i = 0; counts(one) && i <= intervals; ++i) {
        const double distance = std::max(closest, std::sqrt(i / per_square_));
        energy_[static_cast<std::size_t>(i)] += one.occupancy * pair_energy(one, distance, screening);
      }
    }
  }

  double cutoff() const { return cutoff_; }
  double operator()(double squared) const {
    const double place = squared * per_square_;
    const auto i = std::min(static_cast<std::size_t>(std::max(0.0, place)), std::size_t{intervals});
    return energy_[i] + (place - static_cast<double>(i)) * (energy_[i + 1] - energy_[i]);
  }

private:
  static constexpr int intervals = 2048;

  static bool counts(const crystal::Species& species) {
    return species.atomic_number != lithium && species.oxidation != 0 && species.occupancy > least_occupancy;
  }

  static double reach(const crystal::Species& species) {
    return species.oxidation < 0 ? bond(species).cutoff : repulsion_cutoff;
  }

  static LithiumBond bond(const crystal::Species& species) {
    const auto found = lithium_bond(species.atomic_number);
    IONSIFT_VALIDATE(found, data,
                     fmt::format("no bond-valence parameters of Li+ and {} as an anion",
                                 crystal::element(species.atomic_number).symbol),
                     "the published table has H, N, O, F, P, S, Cl, As, Se, Br, Sb, Te and I",
                     "Its barrier stays unknown.");
    return *found;
  }

  static double pair_energy(const crystal::Species& species, double distance, double screening) {
    if (distance > reach(species)) {
      return 0;
    }
    if (species.oxidation > 0) {
      const double decay =
          screening * (crystal::covalent_radius(lithium) + crystal::covalent_radius(species.atomic_number));
      const double shells =
          principal_quantum_number(lithium) * principal_quantum_number(species.atomic_number);
      const auto at = [&](double r) {
        return coulomb * species.oxidation * std::erfc(r / decay) / (r * std::sqrt(shells));
      };
      return at(distance) - at(repulsion_cutoff);
    }
    const auto known = bond(species);
    const auto at = [&](double r) {
      const double valence = std::exp((known.least_at - r) / known.softness); // over that at the minimum
      return -species.oxidation * known.depth / 2 * ((valence - 1) * (valence - 1) - 1);
    };
    return at(distance) - at(known.cutoff); // without a step where the sum ends
  }

  double cutoff_ = 0, per_square_ = 0;
  std::vector<double> energy_;
};

void validate(const crystal::Crystal& crystal, const PathOptions& options) {
  IONSIFT_VALIDATE(
      options.spacing >= 0.05 && options.spacing <= 1 && options.max_points >= 1000 && options.highest > 0 &&
          options.accessible > 0 && options.screening > 0,
      usage,
      fmt::format("a grid of {} A and at most {} points up to {} eV, accessible at {} eV, makes no "
                  "sense",
                  options.spacing, options.max_points, options.highest, options.accessible),
      "spacings are 0.05 to 1 A, grids have at least 1,000 points, energies are positive",
      "Give for example 0.25, 500000, 10 and 0.5.");
  IONSIFT_VALIDATE(crystal.composition().amount(lithium) > 0, data,
                   fmt::format("structure {} has no lithium", crystal.id), "the barrier is that of lithium",
                   "Leave the structure out.");
  const bool charged = std::ranges::any_of(crystal.orbits, [](const auto& orbit) {
    return std::ranges::any_of(orbit.species, [](const auto& one) { return one.oxidation < 0; });
  });
  IONSIFT_VALIDATE(charged, data, fmt::format("structure {} has no anions", crystal.id),
                   "no charges of its elements balance, and site energies need charges",
                   "Give oxidation states in the CIF, or leave the structure out.");
}

} // namespace

CellMap site_energies(const crystal::Crystal& crystal, const PathOptions& options) {
  validate(crystal, options);
  const Grid grid(crystal, options);
  CellMap map{grid.points, std::vector<double>(grid.size(), 0.0)};
  std::vector<std::pair<std::vector<crystal::Species>, RadialEnergy>> known; // P1 cells repeat their species
  std::vector<std::size_t> of_orbit;
  for (const auto& orbit : crystal.orbits) {
    const auto same = std::ranges::find(known, orbit.species, [](const auto& one) { return one.first; });
    of_orbit.push_back(static_cast<std::size_t>(same - known.begin()));
    if (same == known.end()) {
      known.emplace_back(orbit.species, RadialEnergy(orbit.species, options.screening));
    }
  }
  for (const auto& site : crystal.sites) {
    const auto& energy = known[of_orbit[static_cast<std::size_t>(site.orbit)]].second;
    if (energy.cutoff() > 0) {
      grid.around(site.fractional, energy.cutoff(),
                  [&](std::size_t point, double squared) { map.value[point] += energy(squared); });
    }
  }
  return map;
}

CellMap free_distances(const crystal::Crystal& crystal, const PathOptions& options) {
  validate(crystal, options);
  const Grid grid(crystal, options);
  CellMap map{grid.points, std::vector<double>(grid.size(), widest)};
  std::vector<double> radius;
  for (const auto& orbit : crystal.orbits) {
    double occupancy = 0, sum = 0;
    for (const auto& species : orbit.species) {
      if (species.atomic_number != lithium) {
        occupancy += species.occupancy;
        sum += species.occupancy * ionic_radius(species.atomic_number, species.oxidation);
      }
    }
    radius.push_back(occupancy >= blocking ? sum / occupancy : -1);
  }
  for (const auto& site : crystal.sites) {
    const double own = radius[static_cast<std::size_t>(site.orbit)];
    if (own >= 0) {
      grid.around(site.fractional, own + widest, [&](std::size_t point, double squared) {
        map.value[point] = std::min(map.value[point], std::sqrt(std::max(0.0, squared)) - own);
      });
    }
  }
  return map;
}

} // namespace ionsift::dataset
