#include "training_set.hpp"

#include "ionsift/base/error.hpp"

#include <algorithm>
#include <utility>

namespace ionsift::screen {

namespace {

constexpr std::uint64_t structures_at_once = 1024;

/// Where the training structures are in a store: index by position in `ids`.
std::vector<std::uint64_t> locate(const store::Reader& reference, const std::vector<std::string>& ids,
                                  const std::unordered_map<std::string, std::int64_t>& position) {
  constexpr auto nowhere = ~std::uint64_t{0};
  std::vector<std::uint64_t> found(ids.size(), nowhere);
  for (std::uint64_t first = 0; first < reference.size(); first += structures_at_once) {
    const auto stored = reference.ids(first, std::min(structures_at_once, reference.size() - first));
    for (std::size_t i = 0; i < stored.size(); ++i) {
      const auto entry = position.find(stored[i]);
      if (entry == position.end()) {
        continue;
      }
      auto& place = found[static_cast<std::size_t>(entry->second)];
      IONSIFT_VALIDATE(
          place == nowhere, conflict,
          fmt::format("{} holds the training structure {} twice", reference.path().string(), stored[i]),
          "it must be clear which one the ensemble was trained on",
          "Give the store that the ensemble was trained on.");
      place = first + i;
    }
  }
  for (std::size_t p = 0; p < ids.size(); ++p) {
    IONSIFT_VALIDATE(found[p] != nowhere, conflict,
                     fmt::format("{} lacks the training structure {}", reference.path().string(), ids[p]),
                     "distances and novelty refer to every structure that the ensemble was trained on",
                     "Give the store that the ensemble was trained on as the reference.");
  }
  return found;
}

} // namespace

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
  const auto indices = locate(reference, set.id, set.position);
  std::vector<std::uint8_t> empty;
  for (std::size_t p = 0; p < indices.size(); ++p) {
    const auto mean = dataset::slice(reference, {{view}}, indices[p], 1, empty).rows.front().means();
    IONSIFT_VALIDATE(empty.front() == 0, conflict,
                     fmt::format("the training structure {} has no row in {} of {}", set.id[p], name_of(view),
                                 reference.path().string()),
                     "the ensemble cannot have been trained on it",
                     "Give the store that the ensemble was trained on as the reference.");
    if (p == 0) {
      set.means.resize(static_cast<Eigen::Index>(indices.size()), mean.cols());
    }
    set.means.row(static_cast<Eigen::Index>(p)) = mean.row(0);
    set.compositions.add(set.id[p], reference.crystals(indices[p], 1).front().composition());
  }
  return set;
}

} // namespace ionsift::screen
