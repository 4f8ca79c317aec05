// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/random.hpp"

#include "tabular/gaussian_process.hpp"

#include <catch2/catch.hpp>

#include <Eigen/LU>
#include <cmath>
#include <numbers>

using namespace ionsift;
using learn::GaussianProcess;
using learn::GaussianProcessPrior;

namespace {

/// Points in the unit square with values of a smooth function, and noise of a known deviation.
struct Sample {
  Matrix<double> x;
  Eigen::VectorXd y;

  Sample(int n, double noise, std::uint64_t seed) : x(n, 2), y(n) {
    RandomStream random(seed);
    for (int i = 0; i < n; ++i) {
      x.row(i) << random.uniform(), random.uniform();
      y[i] = truth(x(i, 0), x(i, 1)) + noise * random.normal();
    }
  }
  static double truth(double a, double b) { return 3 + std::sin(4 * a) + std::cos(3 * b); }
};

double matern(double r, double length) {
  const double s = std::sqrt(3.0) * r / length;
  return (1 + s) * std::exp(-s);
}

} // namespace

TEST_CASE("a process of two observations agrees with the textbook formula") {
  Matrix<double> x(2, 1), at(1, 1);
  x << 0.0, 1.0;
  at << 0.25;
  Eigen::VectorXd y(2);
  y << 1.0, -0.5;
  const GaussianProcessPrior prior{0.25, 2.0, 0.7, 0.3};
  const GaussianProcess process(x, y, prior);

  Eigen::Matrix2d covariance;
  covariance << 2.3, 2 * matern(1, 0.7), 2 * matern(1, 0.7), 2.3;
  const Eigen::Vector2d k(2 * matern(0.25, 0.7), 2 * matern(0.75, 0.7));
  const Eigen::Vector2d residual(0.75, -0.75);
  const Eigen::Matrix2d inverse = covariance.inverse();
  const auto normal = process.predict(at).front();
  CHECK(normal.mean == Approx(0.25 + k.dot(inverse * residual)).epsilon(1e-12));
  CHECK(normal.sd == Approx(std::sqrt(2.0 - k.dot(inverse * k) + 0.3)).epsilon(1e-12));
  CHECK(process.log_likelihood() ==
        Approx(-0.5 * residual.dot(inverse * residual) - 0.5 * std::log(covariance.determinant()) -
               std::log(2 * std::numbers::pi))
            .epsilon(1e-12));
}

TEST_CASE("the prior found is the most likely nearby, and its noise is that of the sample") {
  const Sample sample(120, 0.2, 5);
  const auto prior = GaussianProcess::most_likely(sample.x, sample.y);
  CHECK(std::sqrt(prior.noise) == Approx(0.2).epsilon(0.25));
  const double highest = GaussianProcess(sample.x, sample.y, prior).log_likelihood();
  for (const double factor : {0.8, 1.25}) {
    auto other = prior;
    other.length *= factor;
    CHECK(GaussianProcess(sample.x, sample.y, other).log_likelihood() < highest);
    other = prior;
    other.noise *= factor;
    CHECK(GaussianProcess(sample.x, sample.y, other).log_likelihood() < highest);
    other = prior;
    other.amplitude *= factor;
    other.noise *= factor; // the closed form holds along a fixed ratio
    CHECK(GaussianProcess(sample.x, sample.y, other).log_likelihood() < highest);
  }
}

TEST_CASE("predictions are close to the truth, within their error, and uncertain far away") {
  const Sample sample(150, 0.1, 6);
  const GaussianProcess process(sample.x, sample.y, GaussianProcess::most_likely(sample.x, sample.y));
  const Sample fresh(200, 0.1, 7);
  const auto predicted = process.predict(fresh.x);
  double square = 0;
  int within = 0;
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    const double error = predicted[i].mean - fresh.y[static_cast<Eigen::Index>(i)];
    square += error * error;
    within += std::abs(error) < 2 * predicted[i].sd ? 1 : 0;
  }
  CHECK(std::sqrt(square / 200) < 0.15); // the noise is 0.1, the spread of the values 0.9
  CHECK(within > 180);                   // 191 expected
  Matrix<double> far(1, 2);
  far << 50.0, -50.0;
  const auto nothing = process.predict(far).front();
  CHECK(nothing.mean == Approx(sample.y.mean()));
  CHECK(nothing.sd == Approx(std::sqrt(process.prior().amplitude + process.prior().noise)));
}

TEST_CASE("observations that contradict each other at one point are explained as noise") {
  Matrix<double> x(6, 1);
  x << 0, 0, 1, 1, 2, 2;
  Eigen::VectorXd y(6);
  y << 0.0, 0.4, 1.0, 1.4, 2.0, 2.4;
  const auto prior = GaussianProcess::most_likely(x, y);
  CHECK(prior.noise > 0);
  const auto at = GaussianProcess(x, y, prior).predict(x);
  CHECK(at[0].mean == Approx(at[1].mean));
  CHECK(at[0].mean == Approx(0.2).margin(0.3));
}

TEST_CASE("data that cannot be fitted are refused") {
  const auto code = [](const Matrix<double>& x, const Eigen::VectorXd& y) {
    try {
      GaussianProcess::most_likely(x, y);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  };
  Matrix<double> x(3, 1);
  x << 0, 1, 2;
  Eigen::VectorXd y(3);
  y << 1, 2, 3;
  CHECK(code(x.topRows(2), y.head(2)) == ErrorCode::data);
  CHECK(code(x, Eigen::VectorXd::Constant(3, 1.0)) == ErrorCode::data);
  CHECK(code(Matrix<double>::Constant(3, 1, 1.0), y) == ErrorCode::data);
  y[1] = std::nan("");
  CHECK(code(x, y) == ErrorCode::numeric);
  y[1] = 2;
  const GaussianProcess process(x, y, {2, 1, 1, 0.1});
  CHECK_THROWS_AS(process.predict(Matrix<double>::Zero(1, 2)), Error);
}
