// SPDX-License-Identifier: BSD-3-Clause
#include "training_set.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/crystal/chemistry/composition.hpp"
#include "ionsift/crystal/formula.hpp"
#include "ionsift/dataset/features/reference.hpp"
#include "ionsift/learn/ensemble/training_identity.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace ionsift::screen {

namespace {

MeasuredCompound compound_of(const learn::TrainingMeasurement& measurement) {
  return {measurement.formula, measurement.conductivity, measurement.upper_bound, measurement.label != 0,
          measurement.reference};
}

/// Nothing if it is not a formula.
std::optional<crystal::Composition> composition_of(const dataset::KnownCompound& known) {
  try {
    auto composition = crystal::Composition::parse(known.composition);
    return composition.total() > 0 ? std::optional(std::move(composition)) : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

} // namespace

TrainingSet TrainingSet::load(const store::Reader& reference, const learn::Ensemble& ensemble,
                              double novelty_tolerance) {
  TrainingSet set;
  set.id = ensemble.training_ids();
  set.label = ensemble.training_labels();
  set.compositions = KnownCompositions(novelty_tolerance);
  const auto indices = dataset::locate(reference, set.id);
  set.means = dataset::means_at(reference, ensemble.plan().view, indices);
  const auto measurements = learn::training_measurements(ensemble);
  for (std::size_t p = 0; p < indices.size(); ++p) {
    const auto crystal = reference.crystals(indices[p], 1).front();
    set.formula.push_back(crystal::written_formula(crystal));
    set.compositions.add(set.id[p], crystal.composition());
    auto compound = compound_of(measurements[p]);
    compound.formula = set.formula.back();
    set.measured.emplace(set.id[p], std::move(compound));
  }
  for (std::size_t i = indices.size(); i < measurements.size(); ++i) {
    if (!measurements[i].formula.empty()) { // older ensembles did not store them
      set.compositions.add(measurements[i].id, crystal::Composition::parse(measurements[i].formula));
      set.measured.emplace(measurements[i].id, compound_of(measurements[i]));
    }
  }
  return set;
}

void TrainingSet::add_known(const std::unordered_map<std::string, dataset::KnownCompound>& known) {
  std::vector<std::string> ids;
  for (const auto& [id, compound] : known) {
    ids.push_back(id);
  }
  std::ranges::sort(ids);
  for (const auto& id : ids) {
    const auto& compound = known.at(id);
    MeasuredCompound entry{compound.composition, std::pow(10.0, compound.log10_conductivity),
                           compound.upper_bound, std::nullopt, compound.reference};
    if (compound.class_known) {
      entry.superionic = compound.superionic;
    }
    const auto composition = composition_of(compound);
    if (entry.formula.empty()) {
      entry.formula = id;
    }
    measured.insert_or_assign(id, std::move(entry)); // a newer measurement takes precedence
    if (composition) {
      compositions.add(id, *composition);
    }
  }
}

} // namespace ionsift::screen
