// How far a structure is from what the ensemble was trained on.
#pragma once

#include "ionsift/megnet/parent.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace ionsift::screen {

/// How principal components are weighed: divided by sqrt(variance) as in the study's code, or by the
/// variance as in its text (METHOD: section 6).
enum class ComponentScaling { study_code, variance };
std::string_view name_of(ComponentScaling scaling);
ComponentScaling component_scaling_of(std::string_view name);

struct Nearest {
  double distance = 0;      ///< d_training
  std::size_t training = 0; ///< position of the nearest training structure
};

/// d_training: the smallest distance to a training structure over the mean distance of the training
/// structures to their centroid, in the space of principal components of their mean features.
class TrainingDistance {
public:
  /// @param means [structures x columns] of the training set. Components without variance are left out.
  /// @throws Error data for fewer than two structures
  TrainingDistance(const megnet::Matrix<double>& means, ComponentScaling scaling);
  std::vector<Nearest> operator()(const megnet::Matrix<double>& means) const;
  /// Coordinates in the unscaled principal components [structures x components].
  megnet::Matrix<double> components(const megnet::Matrix<double>& means) const;

private:
  megnet::Matrix<double> project(const megnet::Matrix<double>& means) const;

  megnet::RowVector<double> centre_;
  megnet::Matrix<double> axes_;          ///< [columns x components]
  megnet::RowVector<double> weight_;     ///< [components] factor on each difference
  megnet::Matrix<double> training_;      ///< weighted coordinates
  double normalization_ = 1;
};

} // namespace ionsift::screen
