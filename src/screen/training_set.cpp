#include "training_set.hpp"

#include "ionsift/dataset/reference.hpp"

#include <utility>

namespace ionsift::screen {

TrainingSet TrainingSet::load(const store::Reader& reference, const dataset::View& view,
                              std::vector<std::string> ids, std::vector<int> labels,
                              double novelty_tolerance) {
  TrainingSet set;
  set.id = std::move(ids);
  set.label = std::move(labels);
  set.compositions = KnownCompositions(novelty_tolerance);
  const auto indices = dataset::locate(reference, set.id);
  set.means = dataset::means_at(reference, view, indices);
  for (std::size_t p = 0; p < indices.size(); ++p) {
    const auto crystal = reference.crystals(indices[p], 1).front();
    set.formula.push_back(crystal.formula_unit().formula());
    set.compositions.add(set.id[p], crystal.composition());
  }
  return set;
}

} // namespace ionsift::screen
