// SPDX-License-Identifier: BSD-3-Clause
// Validation of labelled entries with and without a structure, and groups from the table of labels.
#pragma once

#include "ionsift/base/run_record.hpp"
#include "ionsift/dataset/features/feature_set.hpp"
#include "ionsift/dataset/labels/known_compounds.hpp"
#include "ionsift/dataset/pairs/table_leaks.hpp"
#include "ionsift/dataset/split/folds.hpp"
#include "ionsift/learn/model/configuration.hpp"

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ionsift::cli {

/// The plan without the configurations that look at structures, which are named aloud.
/// @throws Error usage where none is left
learn::MemberPlan plan_of_compositions(learn::MemberPlan plan, const std::string& name);

/// Every labelled entry of a set of the split (all without one) whose composition can be read; others are
/// counted.
/// @throws Error data where there is none
dataset::FeatureSet entries_by_composition(const dataset::Labels& labels, const dataset::Split* split,
                                           const std::string& set, RunRecord& record);

/// What each fold holds that its training part holds too, of entries without a structure.
std::vector<dataset::LeakReport> find_entry_leaks(const dataset::FeatureSet& entries,
                                                  const dataset::Folds& folds,
                                                  const std::optional<dataset::IcsdNumbers>& icsd,
                                                  const dataset::PublicationsById& publications,
                                                  RunRecord& record);

/// Compositions of entries, or of the structures in a store.
std::vector<crystal::Composition> compositions_of(const dataset::FeatureSet& structures,
                                                  const store::Reader* store);

/// Labelled entries with when and of what chemistry they are.
class MeasuredEntries {
public:
  /// @param store of the structures; nullptr for entries that have formulas
  MeasuredEntries(const dataset::FeatureSet& structures,
                  const std::unordered_map<std::string, dataset::MeasuredWhen>& when,
                  const store::Reader* store);

  const std::vector<std::string>& chemistries() const { return chemistry_; }
  /// @param tolerance what came after a year is not validated with atomic fractions this near to what came
  /// before
  dataset::Folds by_year(const std::vector<int>& cuts, double tolerance, RunRecord& record) const;

private:
  std::vector<int> year_;
  std::vector<std::string> chemistry_;
  std::vector<crystal::Composition> composition_;
};

} // namespace ionsift::cli
