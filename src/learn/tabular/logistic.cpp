// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/tabular/logistic.hpp"

#include "ionsift/base/error.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

namespace ionsift::learn {

namespace {

/// ln(1 + exp(t)) without overflow.
double softplus(double t) {
  return std::max(t, 0.0) + std::log1p(std::exp(-std::abs(t)));
}

double sigmoid(double t) {
  return t >= 0 ? 1 / (1 + std::exp(-t)) : std::exp(t) / (1 + std::exp(t));
}

/// The objective and its derivatives at weights and intercept, the intercept last.
class Problem {
public:
  Problem(const Matrix<double>& x, std::span<const int> label, double c) : c_(c) {
    rows_.resize(x.rows(), x.cols() + 1);
    rows_.leftCols(x.cols()) = x;
    rows_.col(x.cols()).setOnes();
    target_ = Eigen::VectorXd(x.rows());
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
      target_(i) = label[static_cast<std::size_t>(i)];
    }
    penalty_ = Eigen::VectorXd::Ones(x.cols() + 1);
    penalty_(x.cols()) = 0;
  }

  double value(const Eigen::VectorXd& at) const {
    const Eigen::VectorXd score = rows_ * at;
    double loss = 0;
    for (Eigen::Index i = 0; i < score.size(); ++i) {
      loss += softplus(score(i)) - target_(i) * score(i);
    }
    return 0.5 * penalty_.dot(at.cwiseAbs2()) + c_ * loss;
  }
  Eigen::VectorXd gradient(const Eigen::VectorXd& at) const {
    const Eigen::VectorXd p = (rows_ * at).unaryExpr([](double t) { return sigmoid(t); });
    return penalty_.cwiseProduct(at) + c_ * (rows_.transpose() * (p - target_));
  }
  Eigen::MatrixXd hessian(const Eigen::VectorXd& at) const {
    const Eigen::VectorXd p = (rows_ * at).unaryExpr([](double t) { return sigmoid(t); });
    const Eigen::VectorXd weight = (p.array() * (1 - p.array())).matrix();
    Eigen::MatrixXd h = c_ * (rows_.transpose() * weight.asDiagonal() * rows_);
    h.diagonal() += penalty_;
    return h;
  }
  Eigen::Index size() const { return penalty_.size(); }

private:
  double c_;
  Eigen::MatrixXd rows_;
  Eigen::VectorXd target_, penalty_;
};

void check(const Matrix<double>& x, std::span<const int> label, double c) {
  IONSIFT_VALIDATE(static_cast<std::size_t>(x.rows()) == label.size(), data,
                   fmt::format("{} rows cannot have {} classes", x.rows(), label.size()), "each row has one",
                   "Give as many of both.");
  const auto positive = std::ranges::count(label, 1), negative = std::ranges::count(label, 0);
  IONSIFT_VALIDATE(
      positive > 0 && negative > 0 && static_cast<std::size_t>(positive + negative) == label.size(), data,
      "there are no two classes to separate",
      fmt::format("{} rows are of class 1 and {} of class 0, of {}", positive, negative, label.size()),
      "Give rows of both classes and no other.");
  IONSIFT_VALIDATE(c > 0 && std::isfinite(c), usage, fmt::format("C cannot be {}", c),
                   "it is the weight of the data against the regularisation", "Give a positive number.");
  IONSIFT_VALIDATE(x.allFinite(), numeric, "a feature is not finite", "regression needs numbers",
                   "Leave the structure out.");
}

} // namespace

LogisticModel fit_logistic(const Matrix<double>& x, std::span<const int> label, double c) {
  check(x, label, c);
  const Problem problem(x, label, c);
  const double enough = 1e-8 * (1 + c * static_cast<double>(x.rows()));
  constexpr int most_steps = 200;
  Eigen::VectorXd at = Eigen::VectorXd::Zero(problem.size());
  double value = problem.value(at);
  LogisticModel model;
  for (model.steps = 0; model.steps < most_steps; ++model.steps) {
    const Eigen::VectorXd gradient = problem.gradient(at);
    model.gradient = gradient.cwiseAbs().maxCoeff();
    if (model.gradient <= enough) {
      break;
    }
    const Eigen::VectorXd direction = problem.hessian(at).ldlt().solve(gradient);
    // Rounding may hide the last gain; a step that raises the objective by no more than rounding is accepted.
    const double rounding = 1e-12 * std::abs(value);
    double length = 1;
    while (length > 1e-10 && problem.value(at - length * direction) > value + rounding) {
      length /= 2;
    }
    at -= length * direction;
    value = problem.value(at);
  }
  IONSIFT_VALIDATE(model.gradient <= enough && at.allFinite(), numeric, "the regression did not converge",
                   fmt::format("the gradient is {} after {} steps at C = {}", model.gradient, model.steps, c),
                   "Scale the features, or give a smaller C.");
  model.weight = at.head(x.cols());
  model.intercept = at(x.cols());
  return model;
}

std::vector<double> probabilities(const LogisticModel& model, const Matrix<double>& x) {
  IONSIFT_VALIDATE(x.cols() == model.weight.size(), conflict,
                   fmt::format("{} features were given, {} are needed", x.cols(), model.weight.size()),
                   "the regression was fitted to others", "Give the same columns.");
  std::vector<double> result(static_cast<std::size_t>(x.rows()));
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    result[static_cast<std::size_t>(i)] = sigmoid(x.row(i).dot(model.weight.transpose()) + model.intercept);
  }
  return result;
}

UnitScale UnitScale::of(const Matrix<double>& x) {
  UnitScale scale;
  scale.low = x.colwise().minCoeff();
  scale.width = x.colwise().maxCoeff() - scale.low;
  return scale;
}

Matrix<double> UnitScale::operator()(const Matrix<double>& x) const {
  IONSIFT_VALIDATE(x.cols() == low.size(), conflict,
                   fmt::format("{} features were given, {} are needed", x.cols(), low.size()),
                   "the scale was made for others", "Give the same columns.");
  Matrix<double> scaled(x.rows(), x.cols());
  for (Eigen::Index column = 0; column < x.cols(); ++column) {
    scaled.col(column) = width(column) > 0 ? ((x.col(column).array() - low(column)) / width(column)).matrix()
                                           : Eigen::VectorXd::Zero(x.rows()).eval();
  }
  return scaled;
}

} // namespace ionsift::learn
