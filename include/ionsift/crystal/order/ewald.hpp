// SPDX-License-Identifier: BSD-3-Clause
// Electrostatic energies of periodic arrangements of point charges (Ewald, Ann. Phys. 1921, 369, 253).
#pragma once

#include "ionsift/crystal/cell/images.hpp"

#include <Eigen/Core>
#include <vector>

namespace ionsift::crystal {

/// Energy of two elementary charges 1 angstrom apart: e^2 / (4 pi epsilon_0) in eV angstrom (CODATA 2018).
inline constexpr double coulomb_constant = 14.39964547843;

struct EwaldOptions {
  /// Truncation error of the interaction of two unit charges with all their images, eV (upper bound).
  double accuracy = 1e-9;
  /// alpha of the screening charges, 1/angstrom; 0: the value that makes both sums equally long. Results do
  /// not depend on it beyond the accuracy.
  double splitting = 0;
};

/// The interaction of point charges in a periodic cell, each with the images of the other, under a uniform
/// background that makes the cell neutral. The energy of a cell of charges q_i is sum_ij q_i q_j M_ij / 2, i
/// = j included. For a cell of net charge Q this includes the background of charge -Q: a constant for all
/// arrangements of one Q in one cell, so that their ranking does not depend on it.
class EwaldSum {
public:
  /// @param lattice rows a, b, c in angstrom, of nonzero volume; skewed cells are handled equally well
  /// @throws Error usage for options that make no sense, limit for cells too thin (ImageSearch)
  explicit EwaldSum(const Eigen::Matrix3d& lattice, const EwaldOptions& options = {});

  /// M of two unit charges at this offset, eV; for a lattice vector, M of a charge with its own images.
  /// @param offset fractional coordinates of one charge minus those of the other
  double between(const Eigen::Vector3d& offset);

  double splitting() const { return alpha_; } ///< alpha, 1/angstrom

private:
  Eigen::Matrix3d to_space_; ///< fractional coordinates (columns) to angstrom
  double alpha_ = 0;
  double background_ = 0;                     ///< energy of the background, eV
  std::vector<double> kx_, ky_, kz_, weight_; ///< half of the reciprocal vectors, 1/angstrom; eV
  ImageSearch images_;
  std::vector<double> squared_; ///< scratch space, square angstrom
};

/// M for all pairs of positions. [positions x positions], eV, symmetric.
/// @param positions fractional coordinates
Eigen::MatrixXd interaction_matrix(const Eigen::Matrix3d& lattice,
                                   const std::vector<Eigen::Vector3d>& positions,
                                   const EwaldOptions& options = {});

/// Energy q^T M q / 2, eV.
double electrostatic_energy(const Eigen::MatrixXd& interactions, const Eigen::VectorXd& charges);

} // namespace ionsift::crystal
