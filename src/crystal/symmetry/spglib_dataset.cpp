// SPDX-License-Identifier: BSD-3-Clause
#include "spglib_dataset.hpp"

#include <Eigen/LU>
#include <array>

namespace ionsift::crystal {

namespace {

/// spglib expects a right-handed cell; exchanging two axes makes one of a left-handed.
std::array<int, 3> axes_of(const Eigen::Matrix3d& lattice) {
  return lattice.determinant() < 0 ? std::array{1, 0, 2} : std::array{0, 1, 2};
}

} // namespace

SpglibResult spglib_dataset(const Crystal& crystal, const std::vector<int>& types, double tolerance) {
  const auto axes = axes_of(crystal.lattice);
  double lattice[3][3]; // the vectors are columns. NOLINT(modernize-avoid-c-arrays): what spglib takes
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      lattice[i][j] = crystal.lattice(axes[static_cast<std::size_t>(j)], i);
    }
  }
  const auto n = static_cast<int>(crystal.sites.size());
  std::vector<double> positions;
  for (const Site& site : crystal.sites) {
    for (const int axis : axes) {
      positions.push_back(site.fractional[axis]);
    }
  }
  // NOLINTNEXTLINE(modernize-avoid-c-arrays): what spglib takes
  SpglibResult found(
      spg_get_dataset(lattice, reinterpret_cast<double(*)[3]>(positions.data()), types.data(), n, tolerance),
      &spg_free_dataset);
  if (found != nullptr && found->n_atoms != n) {
    found.reset();
  }
  return found;
}

int space_group_of(const std::vector<Operation>& operations, const Eigen::Matrix3d& lattice,
                   double tolerance) {
  const auto axes = axes_of(lattice);
  // NOLINTBEGIN(modernize-avoid-c-arrays): what spglib takes
  std::vector<std::array<std::array<int, 3>, 3>> rotations(operations.size());
  std::vector<std::array<double, 3>> translations(operations.size());
  double columns[3][3];
  // NOLINTEND(modernize-avoid-c-arrays)
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      columns[i][j] = lattice(axes[j], static_cast<int>(i));
      for (std::size_t o = 0; o < operations.size(); ++o) {
        rotations[o][i][j] = operations[o].rotation(axes[i], axes[j]);
      }
    }
    for (std::size_t o = 0; o < operations.size(); ++o) {
      translations[o][i] = operations[o].translation[axes[i]];
    }
  }
  const auto type = spg_get_spacegroup_type_from_symmetry(
      reinterpret_cast<int(*)[3][3]>(rotations.data()), reinterpret_cast<double(*)[3]>(translations.data()),
      static_cast<int>(operations.size()), columns, tolerance);
  return type.number;
}

Eigen::Vector3d spglib_image(const SpglibDataset& dataset, int i, const Eigen::Matrix3d& lattice,
                             const Eigen::Vector3d& position) {
  const auto axes = axes_of(lattice);
  Eigen::Vector3d image;
  for (int row = 0; row < 3; ++row) {
    double& component = image(axes[static_cast<std::size_t>(row)]);
    component = dataset.translations[i][row];
    for (int column = 0; column < 3; ++column) {
      component += dataset.rotations[i][row][column] * position(axes[static_cast<std::size_t>(column)]);
    }
  }
  return image;
}

} // namespace ionsift::crystal
