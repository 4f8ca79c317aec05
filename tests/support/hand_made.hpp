// SPDX-License-Identifier: BSD-3-Clause
// Crystals written by hand, and the same crystals in other cells.
#pragma once

#include "ionsift/base/random.hpp"
#include "ionsift/crystal/crystal.hpp"

#include <fmt/format.h>

#include <Eigen/LU>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

namespace ionsift::test {

struct HandMadeSite {
  std::vector<crystal::Species> species;
  Eigen::Vector3d fractional;
};

inline Eigen::Vector3d into_cell(const Eigen::Vector3d& x) {
  return x - x.array().floor().matrix();
}

/// Every site an orbit of its own.
inline crystal::Crystal hand_made(const Eigen::Matrix3d& lattice, const std::vector<HandMadeSite>& sites,
                                  const std::string& id = "by hand") {
  crystal::Crystal crystal;
  crystal.id = id;
  crystal.lattice = lattice;
  for (std::size_t i = 0; i < sites.size(); ++i) {
    const int index = static_cast<int>(i);
    crystal.orbits.push_back({fmt::format("X{}", i), sites[i].species, index, 1});
    crystal.sites.push_back({into_cell(sites[i].fractional), index});
  }
  return crystal;
}

/// Conventional rocksalt cell; the edge is that of NaCl by default.
inline crystal::Crystal rocksalt(int cation, int anion, double a = 5.64) {
  std::vector<HandMadeSite> sites;
  for (const Eigen::Vector3d& x : {Eigen::Vector3d(0, 0, 0), Eigen::Vector3d(0, .5, .5),
                                   Eigen::Vector3d(.5, 0, .5), Eigen::Vector3d(.5, .5, 0)}) {
    sites.push_back({{{cation, 1, 0}}, x});
    sites.push_back({{{anion, 1, 0}}, x + Eigen::Vector3d(.5, .5, .5)});
  }
  return hand_made(a * Eigen::Matrix3d::Identity(), sites);
}

/// The same crystal in the cell spanned by `multiples` of its edges (rows), whose determinant may exceed 1.
inline crystal::Crystal in_cell(const crystal::Crystal& crystal, const Eigen::Matrix3i& multiples) {
  const Eigen::Matrix3d change = multiples.cast<double>();
  const Eigen::Matrix3d inverse = change.transpose().inverse();
  const int copies = static_cast<int>(std::lround(std::abs(change.determinant())));
  const int reach = 2 * multiples.cwiseAbs().maxCoeff() + 1;
  std::vector<HandMadeSite> sites;
  for (const auto& site : crystal.sites) {
    std::vector<Eigen::Vector3d> found;
    for (int i = -reach; i <= reach; ++i) {
      for (int j = -reach; j <= reach; ++j) {
        for (int k = -reach; k <= reach; ++k) {
          const Eigen::Vector3d x = inverse * (site.fractional + Eigen::Vector3d(i, j, k));
          if ((x.array() >= -1e-9).all() && (x.array() < 1 - 1e-9).all()) {
            found.push_back(x.cwiseMax(0.0));
          }
        }
      }
    }
    if (static_cast<int>(found.size()) != copies) {
      throw std::logic_error("a supercell has lost sites");
    }
    for (const auto& x : found) {
      sites.push_back({crystal.orbits[static_cast<std::size_t>(site.orbit)].species, x});
    }
  }
  auto changed = hand_made(change * crystal.lattice, sites, crystal.id);
  changed.oxidation_source = crystal.oxidation_source;
  return changed;
}

inline crystal::Crystal shifted(crystal::Crystal crystal, const Eigen::Vector3d& shift) {
  for (auto& site : crystal.sites) {
    site.fractional = into_cell(site.fractional + shift);
  }
  return crystal;
}

/// Sites in another order.
inline crystal::Crystal permuted(crystal::Crystal crystal, std::uint64_t seed) {
  RandomStream(seed).shuffle(crystal.sites);
  for (std::size_t i = 0; i < crystal.sites.size(); ++i) {
    crystal.orbits[static_cast<std::size_t>(crystal.sites[i].orbit)].representative = static_cast<int>(i);
  }
  return crystal;
}

} // namespace ionsift::test
