// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/learn/metrics/scores.hpp"
#include "ionsift/learn/tabular/logistic.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace ionsift;
using namespace ionsift::learn;
using Catch::Matchers::Contains;

namespace {

struct Example {
  Matrix<double> x;
  std::vector<int> label;
};

/// Columns of noise, of which the first two determine the class with some noise.
Example doubtful(Eigen::Index rows, Eigen::Index columns) {
  RandomStream random(7);
  Example example{Matrix<double>(rows, columns), {}};
  for (auto& value : example.x.reshaped()) {
    value = random.uniform();
  }
  for (Eigen::Index i = 0; i < rows; ++i) {
    const double score = 4 * example.x(i, 0) - 3 * example.x(i, 1) - 0.5;
    example.label.push_back(random.uniform() < 1 / (1 + std::exp(-score)) ? 1 : 0);
  }
  return example;
}

/// The second method: gradient descent with the step that the curvature allows, 1 / (1 + C |X|^2 / 4),
/// accelerated (Nesterov) and restarted where the objective rises. Slow but reliable.
Eigen::VectorXd descend(const Example& example, double c) {
  Eigen::MatrixXd rows(example.x.rows(), example.x.cols() + 1);
  rows << example.x, Eigen::VectorXd::Ones(example.x.rows());
  const Eigen::VectorXd sign =
      Eigen::VectorXi::Map(example.label.data(), rows.rows()).cast<double>().array() * 2 - 1;
  Eigen::VectorXd penalty = Eigen::VectorXd::Ones(rows.cols());
  penalty(example.x.cols()) = 0;
  const auto objective = [&](const Eigen::VectorXd& at) {
    const Eigen::ArrayXd margin = sign.array() * (rows * at).array();
    return 0.5 * penalty.dot(at.cwiseAbs2()) + c * (1 + (-margin).exp()).log().sum();
  };
  const double step = 1 / (1 + c * rows.squaredNorm() / 4);
  Eigen::VectorXd at = Eigen::VectorXd::Zero(rows.cols()), ahead = at;
  double momentum = 1, value = objective(at);
  for (int i = 0; i < 200000; ++i) {
    const Eigen::ArrayXd margin = sign.array() * (rows * ahead).array();
    const Eigen::VectorXd pull = -(sign.array() / (1 + margin.exp())).matrix();
    const Eigen::VectorXd next = ahead - step * (penalty.cwiseProduct(ahead) + c * rows.transpose() * pull);
    const double next_value = objective(next);
    const double next_momentum = next_value > value ? 1 : (1 + std::sqrt(1 + 4 * momentum * momentum)) / 2;
    ahead = next_value > value ? next : Eigen::VectorXd(next + (momentum - 1) / next_momentum * (next - at));
    momentum = next_momentum;
    at = next;
    value = next_value;
  }
  return at;
}

} // namespace

TEST_CASE("Newton's method and gradient descent converge to the same point") {
  const auto example = doubtful(60, 3);
  for (const double c : {1e-3, 0.3, 30.0}) {
    const auto model = fit_logistic(example.x, example.label, c);
    const auto other = descend(example, c);
    CHECK(model.intercept == Approx(other(3)).margin(1e-5));
    for (Eigen::Index i = 0; i < 3; ++i) {
      CHECK(model.weight(i) == Approx(other(i)).margin(1e-5));
    }
    CHECK(model.steps < 20);
  }
}

TEST_CASE("without any influence of the features the intercept is the share of class 1") {
  const auto example = doubtful(50, 2);
  const auto positive = static_cast<double>(std::count(example.label.begin(), example.label.end(), 1));
  const auto model = fit_logistic(Matrix<double>::Zero(50, 2), example.label, 1);
  CHECK(model.weight.isZero(1e-9));
  CHECK(model.intercept == Approx(std::log(positive / (50 - positive))));
  CHECK(probabilities(model, Matrix<double>::Ones(1, 2))[0] == Approx(positive / 50));
}

TEST_CASE("classes that a plane separates have finite weights, larger for larger C") {
  Example example{Matrix<double>(40, 1), {}};
  for (Eigen::Index i = 0; i < 40; ++i) {
    example.x(i, 0) = static_cast<double>(i) / 39;
    example.label.push_back(i < 20 ? 0 : 1);
  }
  double last = 0;
  for (const double c : {1e-3, 1e-1, 1e1, 1e3}) {
    const auto model = fit_logistic(example.x, example.label, c);
    CHECK(std::isfinite(model.weight(0)));
    CHECK(model.weight(0) > last);
    last = model.weight(0);
  }
}

TEST_CASE("features are scaled by the rows that are trained on") {
  Matrix<double> x(3, 2);
  x << 2, 5, 4, 5, 3, 5;
  const auto scale = UnitScale::of(x);
  const auto scaled = scale(x);
  CHECK(scaled.col(0).isApprox(Eigen::Vector3d(0, 1, 0.5)));
  CHECK(scaled.col(1).isZero());
  Matrix<double> other(1, 2);
  other << 6, 7;
  CHECK(scale(other)(0, 0) == 2);
  CHECK_THROWS_WITH(scale(Matrix<double>::Zero(1, 3)), Contains("3 features"));
}

TEST_CASE("the path finds the informative columns and chooses the best of the inner folds") {
  const auto example = doubtful(300, 5);
  const auto best = fit_path(example.x, example.label);
  CHECK(best.model.weight(0) > 1);
  CHECK(best.model.weight(1) < -1);
  CHECK(best.model.weight.tail(3).cwiseAbs().maxCoeff() < 1);
  CHECK(score(example.label, probabilities(best, example.x)).auc_pr > 0.75);
  CHECK(best.c >= 1e-3);
  CHECK(best.c <= 1e3 * (1 + 1e-9));
  const auto again = fit_path(example.x, example.label);
  CHECK(again.c == best.c);
  LogisticPath one;
  one.values = 1;
  CHECK(fit_path(example.x, example.label, one).c == 1e-3);
}

TEST_CASE("data that the baseline cannot be fitted to are refused") {
  const auto example = doubtful(20, 2);
  CHECK_THROWS_WITH(fit_logistic(example.x, std::vector<int>(20, 1), 1),
                    Contains("no two classes to separate"));
  CHECK_THROWS_WITH(fit_logistic(example.x, std::vector<int>(19, 1), 1), Contains("20 rows"));
  CHECK_THROWS_WITH(fit_logistic(example.x, example.label, 0), Contains("C cannot be 0"));
  LogisticPath path;
  path.folds = 15;
  CHECK_THROWS_WITH(fit_path(example.x, example.label, path), Contains("15 folds"));
  CHECK_THROWS_WITH(probabilities(fit_logistic(example.x, example.label, 1), Matrix<double>::Zero(1, 3)),
                    Contains("3 features"));
}
