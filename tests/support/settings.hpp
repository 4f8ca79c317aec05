// SPDX-License-Identifier: BSD-3-Clause
// Crystals made up for each setting of each space group, with sites on general and special positions, and
// the expected result of reading, expanded here by another method.
#pragma once

#include "ionsift/base/random.hpp"

#include <fmt/format.h>
#include <gemmi/symmetry.hpp>

#include <Eigen/Core>
#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

namespace ionsift::test {

struct MadeUpAtom {
  std::string symbol;
  Eigen::Vector3d position;
  std::vector<Eigen::Vector3d> images; ///< all in the cell
};

struct MadeUpCrystal {
  std::string name; ///< of the setting, "F d -3 m:2"
  std::string hall;
  std::vector<std::string> triplets;
  std::array<double, 6> cell{};
  Eigen::Matrix3d metric;
  std::vector<MadeUpAtom> atoms;

  std::size_t sites() const {
    std::size_t count = 0;
    for (const auto& atom : atoms) {
      count += atom.images.size();
    }
    return count;
  }
  /// A CIF with these lines of symmetry.
  std::string text(const std::string& symmetry) const {
    static constexpr std::array tags = {"_cell_length_a",    "_cell_length_b",   "_cell_length_c",
                                        "_cell_angle_alpha", "_cell_angle_beta", "_cell_angle_gamma"};
    std::string out = "data_made_up\n";
    for (std::size_t i = 0; i < tags.size(); ++i) {
      out += fmt::format("{} {:.10f}\n", tags[i], cell[i]);
    }
    out += symmetry + "\nloop_\n_atom_site_label\n_atom_site_type_symbol\n_atom_site_fract_x\n"
                      "_atom_site_fract_y\n_atom_site_fract_z\n";
    for (std::size_t i = 0; i < atoms.size(); ++i) {
      const auto& x = atoms[i].position;
      out += fmt::format("{0}{1} {0} {2:.10f} {3:.10f} {4:.10f}\n", atoms[i].symbol, i + 1, x[0], x[1], x[2]);
    }
    return out;
  }
  std::string text_with_operators() const {
    std::string loop = "loop_\n_space_group_symop_operation_xyz\n";
    for (const auto& triplet : triplets) {
      loop += "'" + triplet + "'\n";
    }
    return text(loop);
  }
};

namespace detail {

inline Eigen::Vector3d moved(const gemmi::Op& op, const Eigen::Vector3d& x) {
  const auto image = op.apply_to_xyz({x[0], x[1], x[2]});
  return {image[0], image[1], image[2]};
}

/// The shortest distance between two points and all their lattice images nearby.
inline double distance(const Eigen::Matrix3d& metric, const Eigen::Vector3d& a, const Eigen::Vector3d& b) {
  Eigen::Vector3d d = a - b;
  d -= d.array().round().matrix();
  double shortest = 1e9;
  for (int i = -1; i <= 1; ++i) {
    for (int j = -1; j <= 1; ++j) {
      for (int k = -1; k <= 1; ++k) {
        const Eigen::Vector3d e = d + Eigen::Vector3d(i, j, k);
        shortest = std::min(shortest, e.dot(metric * e));
      }
    }
  }
  return std::sqrt(std::max(shortest, 0.0));
}

/// All different images; empty if two of them, or one and another atom, are too close to each other.
inline std::vector<Eigen::Vector3d> images_of(const MadeUpCrystal& crystal,
                                              const std::vector<gemmi::Op>& operations,
                                              const Eigen::Vector3d& x, double apart) {
  std::vector<Eigen::Vector3d> images;
  for (const auto& op : operations) {
    const Eigen::Vector3d image = moved(op, x);
    bool is_new = true;
    for (const auto& known : images) {
      const double d = distance(crystal.metric, image, known);
      if (d > 1e-6 && d < apart) {
        return {};
      }
      is_new = is_new && d > 1e-6;
    }
    if (is_new) {
      images.push_back(image);
    }
  }
  for (const auto& other : crystal.atoms) {
    for (const auto& place : other.images) {
      if (distance(crystal.metric, place, x) < apart) {
        return {};
      }
    }
  }
  return images;
}

/// Coordinates as on special positions: fractions, and repeated numbers.
inline Eigen::Vector3d special_point(RandomStream& random) {
  static constexpr std::array fractions = {0.0, 0.5, 0.25, 0.75, 0.125, 0.375, 1.0 / 3, 2.0 / 3, 1.0 / 6};
  const double u = std::round(random.uniform(0, 1) * 1e4) / 1e4;
  const double v = std::round(random.uniform(0, 1) * 1e4) / 1e4;
  const auto fraction = [&] {
    return fractions.at(std::min<std::size_t>(
        fractions.size() - 1, static_cast<std::size_t>(random.uniform(0, double(fractions.size())))));
  };
  switch (static_cast<int>(random.uniform(0, 7))) {
  case 0:
    return {u, u, u};
  case 1:
    return {u, u, v};
  case 2:
    return {u, 2 * u, fraction()};
  case 3:
    return {u, fraction(), fraction()};
  case 4:
    return {fraction(), fraction(), u};
  case 5:
    return {u, -u, fraction()};
  default:
    return {fraction(), fraction(), fraction()};
  }
}

} // namespace detail

/// @param edge rough length of the cell's edges, angstrom
/// @param apart least distance of atoms
inline MadeUpCrystal make_up(const gemmi::SpaceGroup& group, RandomStream& random, double edge,
                             double apart) {
  MadeUpCrystal crystal;
  crystal.name = group.xhm();
  crystal.hall = group.hall;
  std::vector<gemmi::Op> operations;
  for (const gemmi::Op& op : group.operations()) {
    operations.push_back(op);
    crystal.triplets.push_back(op.triplet());
  }
  // Any cell, averaged over the group, has its symmetry.
  Eigen::Matrix3d basis;
  for (int i = 0; i < 3; ++i) {
    basis.row(i) = edge * (random.uniform(0.8, 1.2) * Eigen::RowVector3d::Unit(i) +
                           Eigen::RowVector3d(random.uniform(-0.15, 0.15), random.uniform(-0.15, 0.15),
                                              random.uniform(-0.15, 0.15)));
  }
  crystal.metric.setZero();
  for (const gemmi::Op& op : operations) {
    Eigen::Matrix3d rotation;
    for (int i = 0; i < 3; ++i) {
      for (int j = 0; j < 3; ++j) {
        rotation(i, j) =
            op.rot[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] / double(gemmi::Op::DEN);
      }
    }
    crystal.metric +=
        rotation.transpose() * (basis * basis.transpose()) * rotation / double(operations.size());
  }
  const Eigen::Vector3d length = crystal.metric.diagonal().cwiseSqrt();
  for (int i = 0; i < 3; ++i) {
    const int j = (i + 1) % 3, k = (i + 2) % 3;
    crystal.cell[static_cast<std::size_t>(i)] = length[i];
    crystal.cell[static_cast<std::size_t>(i) + 3] =
        std::acos(crystal.metric(j, k) / (length[j] * length[k])) * 180 / std::numbers::pi;
  }
  static constexpr std::array symbols = {"Li", "O", "S", "La"};
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    for (int attempt = 0; attempt < 60; ++attempt) {
      const Eigen::Vector3d x =
          i + 1 == symbols.size()
              ? Eigen::Vector3d(random.uniform(0, 1), random.uniform(0, 1), random.uniform(0, 1))
              : detail::special_point(random);
      auto images = detail::images_of(crystal, operations, x, apart);
      if (!images.empty()) {
        crystal.atoms.push_back({symbols[i], x, std::move(images)});
        break;
      }
    }
  }
  return crystal;
}

} // namespace ionsift::test
