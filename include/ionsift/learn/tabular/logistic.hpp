// SPDX-License-Identifier: BSD-3-Clause
// The interpretable baseline: logistic regression on a few readable features (METHOD: section 5).
#pragma once

#include "ionsift/megnet/parent.hpp"

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <vector>

namespace ionsift::learn {

struct LogisticModel {
  Eigen::VectorXd weight; ///< [columns]
  double intercept = 0;
  int steps = 0;       ///< steps of Newton's method
  double gradient = 0; ///< largest component of the final gradient
};

/// Minimises |w|^2 / 2 + C sum over rows of ln(1 + exp(-s (x w + b))), s = +1 or -1 by class; the intercept b
/// is not regularised. Newton's method (iteratively reweighted least squares) with halved steps where the
/// objective would rise; converged when no component of the gradient exceeds 1e-8 (1 + C rows).
/// @param x [rows x columns]  @param label 0 or 1, both present  @param c > 0
/// @throws Error data for one class, other labels or lengths that differ, usage for c, numeric without
/// convergence
LogisticModel fit_logistic(const Matrix<double>& x, std::span<const int> label, double c);

/// Probability of class 1 of each row. @throws Error conflict for another number of columns
std::vector<double> probabilities(const LogisticModel& model, const Matrix<double>& x);

/// Brings each column to [0, 1] on the rows that it is made of; a column of equal values becomes 0.
struct UnitScale {
  Eigen::RowVectorXd low, width;

  static UnitScale of(const Matrix<double>& x);
  /// Other rows may fall outside of [0, 1].
  Matrix<double> operator()(const Matrix<double>& x) const;
};

/// Selection of the strength of the regularisation: by the mean AUC-PR of stratified folds inside the
/// training rows.
struct LogisticPath {
  double lowest = 1e-3, highest = 1e3; ///< range of C
  int values = 50;                     ///< number of values, evenly spaced in the logarithm
  int folds = 5;
  std::uint64_t seed = 1; ///< seed of the folds
};

struct ScaledLogistic {
  UnitScale scale;
  LogisticModel model; ///< model on scaled features
  double c = 1;        ///< chosen C
  double log_loss = 0; ///< mean over the rows of the inner folds at that C; 0 without a choice
};

/// Scales, chooses C (of equally good ones the smallest, which regularises most) and fits all rows.
/// @throws Error as fit_logistic; usage for a path without values or fewer members of a class than folds
ScaledLogistic fit_path(const Matrix<double>& x, std::span<const int> label, const LogisticPath& path = {});

std::vector<double> probabilities(const ScaledLogistic& model, const Matrix<double>& x);

} // namespace ionsift::learn
