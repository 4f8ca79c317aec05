// SPDX-License-Identifier: BSD-3-Clause
// Structures as rows of one table, for models that take no sets.
#pragma once

#include "ionsift/learn/model/classifier.hpp"

namespace ionsift::learn {

/// Moments of the rows in each view ("CAMNS:V1.mean.0", then sd, min, max), then descriptors.
/// @throws Error conflict when the set lacks a view or a block
dataset::Descriptors table_of(const dataset::FeatureSet& structures, const Configuration& configuration);
/// The table's values without the names.
/// @throws Error conflict also when the columns are not those of `names`
Matrix<double> table_of(const dataset::FeatureSet& structures, const Configuration& configuration,
                        const std::vector<std::string>& names);

/// The training set of such a model.
struct TabularExamples {
  std::vector<std::string> names;   ///< [columns]
  Matrix<double> values;            ///< [structures x columns]
  std::vector<int> label;           ///< [structures]
  std::vector<double> conductivity; ///< [structures] log10 of S/cm, in [-9, -1]
  double threshold = 0;             ///< log10 of S/cm
};

/// The training set and, for configurations that look at nothing but compositions, the entries known by these
/// alone. Conductivities outside 1e-9 .. 1e-1 S/cm count as these: below, figures are bounds and guesses.
TabularExamples tabular_examples(const Configuration& configuration, const dataset::FeatureSet& train,
                                 const FitOptions& options);

/// NaN for structures with a value that is not finite.
std::vector<float> probabilities(const Matrix<double>& table, const std::vector<double>& computed);

} // namespace ionsift::learn
