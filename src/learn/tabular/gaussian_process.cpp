// SPDX-License-Identifier: BSD-3-Clause
#include "gaussian_process.hpp"

#include "ionsift/base/errands.hpp"
#include "ionsift/base/error.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace ionsift::learn {

namespace {

/// sqrt(3) r / length -> correlation.
template <typename Scaled>
auto matern(const Scaled& scaled) {
  return (1 + scaled) * (-scaled).exp();
}

/// Distances between the rows of two matrices [rows of a x rows of b].
Eigen::MatrixXd distances(const Matrix<double>& a, const Matrix<double>& b) {
  Eigen::MatrixXd squares = -2 * (a * b.transpose());
  squares.colwise() += a.rowwise().squaredNorm();
  squares.rowwise() += b.rowwise().squaredNorm().transpose();
  return squares.cwiseMax(0).cwiseSqrt();
}

double half_log_determinant(const Eigen::LLT<Eigen::MatrixXd>& factor) {
  return factor.matrixLLT().diagonal().array().log().sum();
}

/// The likelihood as a function of the logarithms of length and noise ratio, everything else at its optimum.
class ProfileLikelihood {
public:
  ProfileLikelihood(const Matrix<double>& x, const Eigen::VectorXd& centred)
      : distance_(distances(x, x)), y_(centred) {
    distance_.diagonal().setZero(); // which rounding would not
  }

  /// Without its constant; minus infinity where the covariance cannot be factorised.
  double operator()(const std::array<double, 2>& logarithms) {
    run_errands();
    const Eigen::LLT<Eigen::MatrixXd> factor(correlation(logarithms));
    if (factor.info() != Eigen::Success) {
      return -std::numeric_limits<double>::infinity();
    }
    return -0.5 * static_cast<double>(y_.size()) * std::log(amplitude(factor)) - half_log_determinant(factor);
  }
  double amplitude(const std::array<double, 2>& logarithms) const {
    return amplitude(Eigen::LLT<Eigen::MatrixXd>(correlation(logarithms)));
  }
  double mean_distance() const {
    const auto n = static_cast<double>(y_.size());
    return distance_.sum() / (n * (n - 1));
  }

private:
  Eigen::MatrixXd correlation(const std::array<double, 2>& logarithms) const {
    Eigen::MatrixXd result = matern(distance_.array() * (std::sqrt(3.0) / std::exp(logarithms[0])));
    result.diagonal().array() += std::exp(logarithms[1]);
    return result;
  }
  double amplitude(const Eigen::LLT<Eigen::MatrixXd>& factor) const {
    return y_.dot(factor.solve(y_)) / static_cast<double>(y_.size());
  }

  Eigen::MatrixXd distance_;
  const Eigen::VectorXd& y_;
};

void require_observations(const Matrix<double>& x, const Eigen::VectorXd& y) {
  IONSIFT_VALIDATE(y.size() >= 3 && x.rows() == y.size(), data,
                   fmt::format("{} observations at {} points", y.size(), x.rows()),
                   "a Gaussian process is fitted to three at least, one a point", "Give more of them.");
  IONSIFT_VALIDATE(x.allFinite() && y.allFinite(), numeric, "an observation is not finite",
                   "the likelihood would be NaN", "Leave it out.");
  const bool differ =
      y.maxCoeff() > y.minCoeff() && (x.colwise().maxCoeff() - x.colwise().minCoeff()).maxCoeff() > 0;
  IONSIFT_VALIDATE(differ, data, "a Gaussian process has nothing to learn from",
                   "all structures have the same features, or all the same target",
                   "Give different ones, or leave it out of the plan.");
}

} // namespace

GaussianProcessPrior GaussianProcess::most_likely(const Matrix<double>& x, const Eigen::VectorXd& y) {
  require_observations(x, y);
  const double mean = y.mean();
  const Eigen::VectorXd centred = y.array() - mean;
  ProfileLikelihood likelihood(x, centred);

  // From an eighth of the mean distance to 16 times that, and noise from 1e-3 to 10 times the amplitude.
  const double first_length = std::log(likelihood.mean_distance() / 8);
  const double first_noise = std::log(1e-3);
  const std::array<double, 2> step = {std::numbers::ln2, std::numbers::ln10 / 2};
  std::array<double, 2> best{};
  double highest = -std::numeric_limits<double>::infinity();
  for (int i = 0; i < 8; ++i) {
    for (int j = 0; j < 9; ++j) {
      const std::array<double, 2> point = {first_length + i * step[0], first_noise + j * step[1]};
      if (const double value = likelihood(point); value > highest) {
        highest = value;
        best = point;
      }
    }
  }
  for (double share = 0.5; share > 0.01; share /= 2) {
    for (const auto& [i, sign] : {std::pair{0, 1.0}, {0, -1.0}, {1, 1.0}, {1, -1.0}}) {
      auto point = best;
      point[static_cast<std::size_t>(i)] += sign * share * step[static_cast<std::size_t>(i)];
      if (const double value = likelihood(point); value > highest) {
        highest = value;
        best = point;
      }
    }
  }
  const double amplitude = likelihood.amplitude(best);
  return {mean, amplitude, std::exp(best[0]), amplitude * std::exp(best[1])};
}

GaussianProcess::GaussianProcess(Matrix<double> x, Eigen::VectorXd y, const GaussianProcessPrior& prior)
    : x_(std::move(x)), y_(std::move(y)), prior_(prior) {
  auto distance = distances(x_, x_);
  distance.diagonal().setZero();
  Eigen::MatrixXd covariance = prior_.amplitude * matern(distance.array() * (std::sqrt(3.0) / prior_.length));
  covariance.diagonal().array() += prior_.noise;
  factor_.compute(covariance);
  IONSIFT_VALIDATE(factor_.info() == Eigen::Success, numeric,
                   fmt::format("the covariance of {} observations is not positive definite", y_.size()),
                   fmt::format("the noise {} is lost in rounding", prior_.noise), "Give a larger noise.");
  weight_ = factor_.solve((y_.array() - prior_.mean).matrix());
}

std::vector<GaussianProcess::Normal> GaussianProcess::predict(const Matrix<double>& x) const {
  IONSIFT_VALIDATE(x.cols() == x_.cols(), conflict,
                   fmt::format("{} columns where the process has {}", x.cols(), x_.cols()),
                   "it was fitted to other descriptors", "Use the descriptors that it was fitted to.");
  // Row by row, so that no result depends on the other rows.
  std::vector<Normal> result(static_cast<std::size_t>(x.rows()));
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    run_errands();
    const Eigen::ArrayXd distance = (x_.rowwise() - x.row(i)).rowwise().norm().array();
    const Eigen::VectorXd covariance =
        (prior_.amplitude * matern(distance * (std::sqrt(3.0) / prior_.length))).matrix();
    const double known = factor_.matrixL().solve(covariance).squaredNorm();
    auto& normal = result[static_cast<std::size_t>(i)];
    normal.mean = prior_.mean + covariance.dot(weight_);
    normal.sd = std::sqrt(std::max(prior_.amplitude - known, 0.0) + prior_.noise);
  }
  return result;
}

double GaussianProcess::log_likelihood() const {
  const double n = static_cast<double>(y_.size());
  return -0.5 * (y_.array() - prior_.mean).matrix().dot(weight_) - half_log_determinant(factor_) -
         0.5 * n * std::log(2 * std::numbers::pi);
}

} // namespace ionsift::learn
