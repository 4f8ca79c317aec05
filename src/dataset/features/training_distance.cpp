// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/features/training_distance.hpp"

#include "ionsift/base/enum_names.hpp"
#include "ionsift/base/errands.hpp"
#include "ionsift/base/error.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace ionsift::dataset {

namespace {

/// Below the resolution of float32 features: on OBELiX their rounding gives every component of the means of
/// V1 a variance of 2e-15 .. 4e-15 of the largest, and components down to 1e-12 agree with double to 1 %.
constexpr double negligible_variance = 1e-12;

/// Solvers and processors disagree on the signs of eigenvectors; figures should not.
void fix_signs(Matrix<double>& axes) {
  for (Eigen::Index component = 0; component < axes.cols(); ++component) {
    Eigen::Index largest = 0;
    axes.col(component).cwiseAbs().maxCoeff(&largest);
    if (axes(largest, component) < 0) {
      axes.col(component) *= -1;
    }
  }
}

constexpr auto component_scaling_names = enum_names<ComponentScaling>(
    {{ComponentScaling::study_code, "study-code"}, {ComponentScaling::variance, "variance"}});

} // namespace

std::string_view name_of(ComponentScaling scaling) {
  return component_scaling_names.name(scaling);
}

ComponentScaling component_scaling_of(std::string_view name) {
  std::string spelled(name);
  std::replace(spelled.begin(), spelled.end(), '_', '-');
  return component_scaling_names.parse(spelled, "component scaling");
}

TrainingDistance::TrainingDistance(const Matrix<double>& means, ComponentScaling scaling) {
  const auto n = means.rows();
  IONSIFT_VALIDATE(n >= 2, data, fmt::format("distances to {} training structures cannot be scaled", n),
                   "principal components need at least two", "Train on more structures.");
  IONSIFT_VALIDATE(means.allFinite(), numeric, "the training features hold NaN or infinity",
                   "principal components need finite numbers", "Featurize the reference store again.");
  centre_ = means.colwise().mean();
  const Matrix<double> centred = means.rowwise() - centre_;
  const Eigen::MatrixXd covariance = centred.transpose() * centred / static_cast<double>(n - 1);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance);

  const auto& ascending = solver.eigenvalues();
  const double largest = ascending[ascending.size() - 1];
  IONSIFT_VALIDATE(largest > 0, data, "all training structures have the same features",
                   "a distance cannot be scaled by a spread of zero",
                   "Check the representation and level of the ensemble.");
  const auto kept = (ascending.array() > negligible_variance * largest).count();
  variance_ = ascending.tail(kept).reverse().transpose();
  axes_ = solver.eigenvectors().rightCols(kept).rowwise().reverse();
  fix_signs(axes_);
  weight_ = scaling == ComponentScaling::study_code
                ? RowVector<double>(variance_.array().sqrt().sqrt().inverse())
                : RowVector<double>(variance_.array().sqrt().inverse());
  training_ = weigh(components(means));
  normalization_ = training_.rowwise().norm().mean();
}

Matrix<double> TrainingDistance::components(const Matrix<double>& means) const {
  IONSIFT_VALIDATE(
      means.cols() == centre_.cols(), conflict,
      fmt::format("features have {} columns, those of the training set {}", means.cols(), centre_.cols()),
      "distances need the same representation and level", "Featurize with the same settings.");
  Matrix<double> coordinates(means.rows(), axes_.cols());
  // One product for each row: a blocked product of all rows rounds differently for different row counts.
  for (Eigen::Index i = 0; i < means.rows(); ++i) {
    coordinates.row(i).noalias() = (means.row(i) - centre_) * axes_;
  }
  return coordinates;
}

Matrix<double> TrainingDistance::weigh(const Matrix<double>& components) const {
  return components.array().rowwise() * weight_.array();
}

std::vector<Nearest> TrainingDistance::operator()(const Matrix<double>& means) const {
  const auto unscaled = components(means);
  const auto coordinates = weigh(unscaled);
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  std::vector<Nearest> nearest(static_cast<std::size_t>(means.rows()));
  for (Eigen::Index i = 0; i < means.rows(); ++i) {
    run_errands();
    double smallest = std::numeric_limits<double>::infinity();
    Eigen::Index position = 0;
    for (Eigen::Index t = 0; t < training_.rows(); ++t) {
      const double squared = (training_.row(t) - coordinates.row(i)).squaredNorm();
      if (squared < smallest) {
        smallest = squared;
        position = t;
      }
    }
    nearest[static_cast<std::size_t>(i)] = {std::sqrt(smallest) / normalization_,
                                            static_cast<std::size_t>(position),
                                            coordinates.row(i).norm() / normalization_,
                                            {unscaled(i, 0), unscaled.cols() > 1 ? unscaled(i, 1) : none}};
  }
  return nearest;
}

std::vector<double> TrainingDistance::among_themselves(std::size_t most) const {
  const auto n = static_cast<std::size_t>(training_.rows());
  const auto chosen = std::min(n, most);
  std::vector<double> distances;
  for (std::size_t i = 0; i < chosen; ++i) {
    run_errands();
    const auto own = static_cast<Eigen::Index>(i * n / chosen);
    double smallest = std::numeric_limits<double>::infinity();
    for (Eigen::Index t = 0; t < training_.rows(); ++t) {
      if (t != own) {
        smallest = std::min(smallest, (training_.row(t) - training_.row(own)).squaredNorm());
      }
    }
    distances.push_back(std::sqrt(smallest) / normalization_);
  }
  std::ranges::sort(distances);
  return distances;
}

} // namespace ionsift::dataset
