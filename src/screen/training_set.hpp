// SPDX-License-Identifier: BSD-3-Clause
// The training set of an ensemble, as screening needs it.
#pragma once

#include "ionsift/dataset/features/feature_set.hpp"
#include "ionsift/dataset/labels/known_compounds.hpp"
#include "ionsift/learn/ensemble/ensemble.hpp"
#include "ionsift/screen/measured.hpp"
#include "ionsift/screen/novelty.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace ionsift::screen {

struct TrainingSet {
  std::vector<std::string> id, formula;
  std::vector<int> label;
  Matrix<double> means; ///< [structures x columns] of the features, in the order of `id`
  /// Of these, of the table entries that were trained on besides, and of what else is known.
  KnownCompositions compositions;
  MeasuredCompounds measured; ///< measurements of the same, by the ids in `compositions`

  /// Finds the structures that an ensemble was trained on in a store, and takes their features and
  /// compositions from there.
  /// @throws Error conflict when one is missing, occurs twice or has no row
  static TrainingSet load(const store::Reader& reference, const learn::Ensemble& ensemble,
                          double novelty_tolerance);
  /// Takes over what a user knows, by id; the order does not matter.
  void add_known(const std::unordered_map<std::string, dataset::KnownCompound>& known);
};

} // namespace ionsift::screen
