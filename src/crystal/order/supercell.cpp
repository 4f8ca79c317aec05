// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/order/supercell.hpp"

#include "ionsift/base/errands.hpp"
#include "ionsift/crystal/cell/lattice_reduction.hpp"

#include <algorithm>

namespace ionsift::crystal {

namespace {

/// Position of a cell, for a number that counts along the last axis first.
Eigen::Vector3i cell_of(int number, const Eigen::Vector3i& repeats) {
  return {number / (repeats(1) * repeats(2)), number / repeats(2) % repeats(1), number % repeats(2)};
}

Eigen::Matrix3d enlarged(const Eigen::Matrix3d& lattice, const Eigen::Vector3i& repeats) {
  return repeats.cast<double>().asDiagonal() * lattice;
}

} // namespace

Crystal make_supercell(const Crystal& crystal, const Eigen::Vector3i& repeats) {
  Crystal large = crystal;
  large.lattice = enlarged(crystal.lattice, repeats);
  large.residual_charge *= repeats.prod();
  large.sites.clear();
  for (int cell = 0; cell < repeats.prod(); ++cell) {
    for (const Site& site : crystal.sites) {
      const Eigen::Vector3d moved = site.fractional + cell_of(cell, repeats).cast<double>();
      large.sites.push_back({moved.cwiseQuotient(repeats.cast<double>()), site.orbit});
    }
  }
  for (Orbit& orbit : large.orbits) {
    orbit.multiplicity *= repeats.prod(); // the representative stays where it was, in the first cell
  }
  return large;
}

Eigen::Vector3i roundest_repeats(const Eigen::Matrix3d& lattice, int multiple) {
  Eigen::Vector3i best(1, 1, multiple);
  double longest = 0;
  for (int a = 1; a <= multiple; ++a) {
    for (int b = 1; multiple % a == 0 && b <= multiple / a; ++b) {
      if (multiple / a % b != 0) {
        continue;
      }
      const Eigen::Vector3i repeats(a, b, multiple / a / b);
      const double shortest = minkowski_reduced(enlarged(lattice, repeats)).row(0).norm();
      if (shortest > longest * (1 + 1e-9)) {
        longest = shortest;
        best = repeats;
      }
    }
  }
  return best;
}

Crystal without_element(const Crystal& crystal, int atomic_number) {
  Crystal rest = crystal;
  rest.orbits.clear();
  rest.sites.clear();
  std::vector<int> new_orbit;
  for (const Orbit& orbit : crystal.orbits) {
    Orbit kept = orbit;
    std::erase_if(kept.species, [&](const Species& s) { return s.atomic_number == atomic_number; });
    new_orbit.push_back(kept.species.empty() ? -1 : static_cast<int>(rest.orbits.size()));
    if (!kept.species.empty()) {
      rest.orbits.push_back(std::move(kept));
    }
  }
  for (std::size_t i = 0; i < crystal.sites.size(); ++i) {
    const int old = crystal.sites[i].orbit;
    const int orbit = new_orbit[static_cast<std::size_t>(old)];
    if (orbit < 0) {
      continue;
    }
    if (crystal.orbits[static_cast<std::size_t>(old)].representative == static_cast<int>(i)) {
      rest.orbits[static_cast<std::size_t>(orbit)].representative = static_cast<int>(rest.sites.size());
    }
    rest.sites.push_back({crystal.sites[i].fractional, orbit});
  }
  rest.residual_charge = 0;
  for (const Orbit& orbit : rest.orbits) {
    for (const Species& species : orbit.species) {
      rest.residual_charge += species.oxidation * species.occupancy * orbit.multiplicity;
    }
  }
  return rest;
}

Eigen::MatrixXd supercell_interactions(const Crystal& crystal, const Eigen::Vector3i& repeats,
                                       const EwaldOptions& options, const TimeBudget& budget) {
  EwaldSum ewald(enlarged(crystal.lattice, repeats), options);
  const auto sites = static_cast<Eigen::Index>(crystal.sites.size());
  const int cells = repeats.prod();
  Eigen::MatrixXd interactions(sites * cells, sites * cells);
  const auto fractional = [&](Eigen::Index i) -> const Eigen::Vector3d& {
    return crystal.sites[static_cast<std::size_t>(i)].fractional;
  };
  // Translation-equivalent pairs have the same interaction: each is summed once, for the first cell.
  for (int shift = 0; shift < cells; ++shift) {
    const Eigen::Vector3i step = cell_of(shift, repeats);
    for (Eigen::Index i = 0; i < sites; ++i) {
      budget.check();
      for (Eigen::Index j = 0; j < sites; ++j) {
        if (shift == 0 && j < i) {
          continue;
        }
        const Eigen::Vector3d offset =
            (fractional(j) + step.cast<double>() - fractional(i)).cwiseQuotient(repeats.cast<double>());
        run_errands(); // one row takes up to a millisecond
        const double value = ewald.between(offset);
        for (int cell = 0; cell < cells; ++cell) {
          Eigen::Vector3i there = cell_of(cell, repeats) + step;
          for (int axis = 0; axis < 3; ++axis) {
            there(axis) %= repeats(axis);
          }
          const int other = (there(0) * repeats(1) + there(1)) * repeats(2) + there(2);
          const Eigen::Index row = cell * sites + i, column = other * sites + j;
          interactions(row, column) = interactions(column, row) = value;
        }
      }
    }
  }
  return interactions;
}

} // namespace ionsift::crystal
