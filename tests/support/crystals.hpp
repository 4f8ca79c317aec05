// SPDX-License-Identifier: BSD-3-Clause
// Crystals made by hand or at random.
#pragma once

#include "ionsift/base/random.hpp"
#include "ionsift/crystal/crystal.hpp"

#include <Eigen/Geometry>
#include <Eigen/LU>
#include <array>
#include <vector>

namespace ionsift::test {

struct Atom {
  int atomic_number;
  Eigen::Vector3d fractional;
};

/// Sites given orbit by orbit; the first site of each is its representative.
inline crystal::Crystal make_crystal(const Eigen::Matrix3d& lattice,
                                     const std::vector<std::vector<Atom>>& orbits) {
  crystal::Crystal crystal;
  crystal.lattice = lattice;
  for (const auto& atoms : orbits) {
    crystal::Orbit orbit;
    orbit.species = {{.atomic_number = atoms.front().atomic_number, .occupancy = 1.0, .oxidation = 0.0}};
    orbit.representative = static_cast<int>(crystal.sites.size());
    orbit.multiplicity = static_cast<int>(atoms.size());
    for (const auto& atom : atoms) {
      crystal.sites.push_back({atom.fractional, static_cast<int>(crystal.orbits.size())});
    }
    crystal.orbits.push_back(orbit);
  }
  return crystal;
}

/// Conventional cell of rock salt: two orbits of four.
inline crystal::Crystal rock_salt(int cation, int anion, double edge) {
  std::vector<Atom> cations, anions;
  for (const auto& shift : {Eigen::Vector3d(0, 0, 0), Eigen::Vector3d(0, 0.5, 0.5),
                            Eigen::Vector3d(0.5, 0, 0.5), Eigen::Vector3d(0.5, 0.5, 0)}) {
    cations.push_back({cation, shift});
    anions.push_back({anion, (shift + Eigen::Vector3d(0.5, 0.5, 0.5)).unaryExpr([](double x) {
                        return x >= 1 ? x - 1 : x;
                      })});
  }
  return make_crystal(Eigen::Matrix3d::Identity() * edge, {cations, anions});
}

/// A sheared cell of `sites` random sites, each an orbit of its own.
inline crystal::Crystal random_crystal(RandomStream& random, int sites, double shortest, double longest) {
  Eigen::Matrix3d lattice;
  do {
    for (int k = 0; k < 3; ++k) {
      Eigen::Vector3d direction(random.normal(), random.normal(), random.normal());
      lattice.row(k) = direction.normalized() * random.uniform(shortest, longest);
    }
  } while (std::abs(lattice.determinant()) < 0.3 * shortest * shortest * shortest);
  constexpr std::array elements = {3, 8, 16, 15, 17, 14, 57};
  std::vector<std::vector<Atom>> orbits;
  for (int i = 0; i < sites; ++i) {
    orbits.push_back({{elements[random.below(elements.size())],
                       Eigen::Vector3d(random.uniform(), random.uniform(), random.uniform())}});
  }
  return make_crystal(lattice, orbits);
}

/// The same crystal in a cell of nx x ny x nz; orbits keep their order and grow.
inline crystal::Crystal supercell(const crystal::Crystal& crystal, int nx, int ny, int nz) {
  crystal::Crystal large = crystal;
  large.lattice.row(0) *= nx;
  large.lattice.row(1) *= ny;
  large.lattice.row(2) *= nz;
  large.sites.clear();
  for (std::size_t i = 0; i < crystal.sites.size(); ++i) {
    auto& orbit = large.orbits[crystal.sites[i].orbit];
    if (crystal.orbits[crystal.sites[i].orbit].representative == static_cast<int>(i)) {
      orbit.representative = static_cast<int>(large.sites.size());
      orbit.multiplicity *= nx * ny * nz;
    }
    for (int x = 0; x < nx; ++x) {
      for (int y = 0; y < ny; ++y) {
        for (int z = 0; z < nz; ++z) {
          const Eigen::Vector3d moved = crystal.sites[i].fractional + Eigen::Vector3d(x, y, z);
          large.sites.push_back({moved.cwiseQuotient(Eigen::Vector3d(nx, ny, nz)), crystal.sites[i].orbit});
        }
      }
    }
  }
  return large;
}

/// The same atoms described by other lattice vectors, rows of `change` (determinant 1 or -1) times the old.
inline crystal::Crystal with_other_vectors(const crystal::Crystal& crystal, const Eigen::Matrix3d& change) {
  crystal::Crystal other = crystal;
  other.lattice = change * crystal.lattice;
  for (auto& site : other.sites) {
    const Eigen::Vector3d moved = change.transpose().inverse() * site.fractional;
    site.fractional = moved.array() - moved.array().floor();
  }
  return other;
}

} // namespace ionsift::test
