// SPDX-License-Identifier: BSD-3-Clause
// Distance of a structure from the training set of a classifier.
#pragma once

#include "ionsift/megnet/parent.hpp"

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

namespace ionsift::dataset {

/// Weights of principal components in a squared distance: divided by sqrt(variance) as in the study's
/// code, or by the variance as in its text (METHOD: section 6).
enum class ComponentScaling { study_code, variance };
/// "study-code" or "variance".
std::string_view name_of(ComponentScaling scaling);
/// Also with an underscore. @throws Error usage, listing the valid names
ComponentScaling component_scaling_of(std::string_view name);

struct Nearest {
  double distance = 0;      ///< d_training, dimensionless
  std::size_t training = 0; ///< position of the nearest training structure, the first of equally near ones
  double centroid = 0;      ///< distance to the centroid of the training set, in the same units
  /// First two unscaled principal components; NaN if the training set has fewer.
  std::array<double, 2> component = {};
};

/// d_training: the smallest distance to a training structure over the mean distance of the training
/// structures to their centroid, in the space of principal components of their mean features.
///
/// Every structure is treated independently: results do not depend on the others in the same call.
class TrainingDistance {
public:
  /// @param means [structures x columns] of the training set. Components whose variance is no more than
  /// rounding (1e-12 of the largest) are omitted: scaling would amplify noise.
  /// @throws Error data for fewer than two structures, or when all are equal; numeric for NaN or infinity
  TrainingDistance(const Matrix<double>& means, ComponentScaling scaling);

  /// @param means [structures x columns]  @throws Error conflict when the number of columns differs
  std::vector<Nearest> operator()(const Matrix<double>& means) const;
  /// d_training of training structures leaving each one out, ascending: the scale of small distances. For
  /// more than `most` structures, `most` that are spread evenly over them.
  std::vector<double> among_themselves(std::size_t most = 2000) const;
  /// Coordinates in the unscaled principal components, largest variance first [structures x components]. The
  /// sign of each axis makes its largest loading positive.
  Matrix<double> components(const Matrix<double>& means) const;
  /// Variances of the components, n - 1 in the denominator, descending.
  const RowVector<double>& variances() const { return variance_; }

private:
  Matrix<double> weigh(const Matrix<double>& components) const;

  RowVector<double> centre_;
  Matrix<double> axes_; ///< [columns x components]
  RowVector<double> variance_;
  RowVector<double> weight_; ///< [components] factor on each difference
  Matrix<double> training_;  ///< weighted coordinates
  double normalization_ = 1;
};

} // namespace ionsift::dataset
