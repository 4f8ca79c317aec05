// SPDX-License-Identifier: BSD-3-Clause
// Regression by an exact Gaussian process with a Matern kernel.
#pragma once

#include "ionsift/megnet/parent.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <vector>

namespace ionsift::learn {

/// Prior of a Gaussian process (Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006):
/// y(x) = mean + f(x) + noise, f with the Matern covariance of smoothness 3/2 (eq. 4.17),
/// amplitude (1 + sqrt(3) r / length) exp(-sqrt(3) r / length).
struct GaussianProcessPrior {
  double mean = 0;
  double amplitude = 1; ///< variance of f, in the unit of y squared
  double length = 1;    ///< length scale, in the unit of x
  double noise = 0.1;   ///< variance of the noise, in the unit of y squared
};

class GaussianProcess {
public:
  struct Normal {
    double mean = 0;
    double sd = 0; ///< standard deviation of a further measurement: f and noise together
  };

  /// The prior under which the observations are most likely (eq. 5.8): the mean is theirs, the amplitude
  /// follows from length and noise ratio in closed form, and those two come from a grid and a compass search
  /// from its best point. Deterministic. About 130 factorisations of [n x n].
  /// @param x [n x d]  @param y [n]
  /// @throws Error data for fewer than 3 observations or when all x or all y are equal, numeric for values
  /// that are not finite
  static GaussianProcessPrior most_likely(const Matrix<double>& x, const Eigen::VectorXd& y);

  /// Conditions the process on observations; stores `x` and `y`.
  /// @throws Error numeric when the covariance is not positive definite
  GaussianProcess(Matrix<double> x, Eigen::VectorXd y, const GaussianProcessPrior& prior);

  /// Each row by itself (eq. 2.25, 2.26). @param x [structures x d]  @throws Error conflict for another d
  std::vector<Normal> predict(const Matrix<double>& x) const;

  double log_likelihood() const; ///< log-likelihood of the observations (eq. 5.8)
  const Matrix<double>& x() const { return x_; }
  const Eigen::VectorXd& y() const { return y_; }
  const GaussianProcessPrior& prior() const { return prior_; }

private:
  Matrix<double> x_;
  Eigen::VectorXd y_;
  GaussianProcessPrior prior_;
  Eigen::LLT<Eigen::MatrixXd> factor_; ///< factor of the observations' covariance, noise included
  Eigen::VectorXd weight_;             ///< that covariance's inverse times (y - mean)
};

} // namespace ionsift::learn
