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
  for (std::size_t p = 0; p < set.id.size(); ++p) {
    set.position.emplace(set.id[p], static_cast<std::int64_t>(p));
  }
  const auto indices = dataset::locate(reference, set.id);
  set.means = dataset::means_at(reference, view, indices);
  for (std::size_t p = 0; p < indices.size(); ++p) {
    set.compositions.add(set.id[p], reference.crystals(indices[p], 1).front().composition());
  }
  return set;
}

} // namespace ionsift::screen
