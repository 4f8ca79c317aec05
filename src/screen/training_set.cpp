#include "training_set.hpp"

#include "ionsift/crystal/composition.hpp"
#include "ionsift/crystal/formula.hpp"
#include "ionsift/dataset/reference.hpp"

namespace ionsift::screen {

namespace {

void add_table_entries(KnownCompositions& compositions, const learn::Ensemble& ensemble) {
  const auto& ids = ensemble.composition_ids();
  const auto& formulas = ensemble.composition_formulas();
  for (std::size_t i = 0; i < formulas.size(); ++i) {
    compositions.add(ids[i], crystal::Composition::parse(formulas[i]));
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
  for (std::size_t p = 0; p < indices.size(); ++p) {
    const auto crystal = reference.crystals(indices[p], 1).front();
    set.formula.push_back(crystal::written_formula(crystal));
    set.compositions.add(set.id[p], crystal.composition());
  }
  add_table_entries(set.compositions, ensemble);
  return set;
}

} // namespace ionsift::screen
