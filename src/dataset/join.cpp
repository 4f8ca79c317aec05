#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/feature_set.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_set>

namespace ionsift::dataset {

namespace {

constexpr std::uint64_t structures_at_once = 1024;

/// Whether an id belongs to the set asked for.
class Membership {
public:
  Membership(const Split* split, const std::string& set) : split_(split), set_(to_lower(trim(set))) {
    if (set_ == "all") {
      split_ = nullptr;
      return;
    }
    IONSIFT_VALIDATE(split_ != nullptr, usage, fmt::format("there is no split to take the set {} from", set),
                     "without a split every labelled structure is in the set all",
                     "Give a split with --split, or ask for the set all.");
    const auto sets = split_->sets();
    IONSIFT_VALIDATE(std::binary_search(sets.begin(), sets.end(), set_), usage,
                     fmt::format("{} has no set {}", split_->name(), set),
                     fmt::format("its sets are {}", fmt::join(sets, ", ")), "Choose one of these, or all.");
  }

  bool operator()(const std::string& id) const {
    if (split_ == nullptr) {
      return true;
    }
    const auto* row = split_->find(id);
    return row != nullptr && row->set == set_;
  }

private:
  const Split* split_;
  std::string set_;
};

/// The labelled members among consecutive structures of a store.
FeatureSet join_part(const FeatureSet& part, const std::vector<std::uint8_t>& empty, const Labels& labels,
                     const Membership& member, std::unordered_set<std::string>& seen, JoinReport& report,
                     const std::string& store_name) {
  std::vector<std::size_t> positions;
  for (std::size_t s = 0; s < part.size(); ++s) {
    const auto& id = part.id[s];
    if (!member(id)) {
      continue;
    }
    if (labels.find(id) == nullptr) {
      report.unlabelled.push_back(id);
      continue;
    }
    IONSIFT_VALIDATE(seen.insert(id).second, conflict,
                     fmt::format("{} holds the labelled structure {} twice", store_name, id),
                     "a label must belong to one structure",
                     "Featurize again without the second source of this id.");
    if (empty[s] != 0) {
      report.empty.push_back(id);
    } else {
      positions.push_back(s);
    }
  }
  auto chosen = part.select(positions);
  for (const auto& id : chosen.id) {
    const auto* label = labels.find(id);
    chosen.label.push_back(label->positive);
    chosen.conductivity.push_back(label->conductivity);
    chosen.upper_bound.push_back(label->upper_bound ? 1 : 0);
  }
  return chosen;
}

} // namespace

FeatureSet join(const store::Reader& store, const Content& content, const Labels& labels, const Split* split,
                const std::string& set, JoinReport& report) {
  const Membership member(split, set);
  report = {};
  FeatureSet joined;
  std::unordered_set<std::string> seen;
  std::vector<std::uint8_t> empty;
  for (std::uint64_t first = 0; first < store.size(); first += structures_at_once) {
    const auto count = std::min(structures_at_once, store.size() - first);
    const auto part = slice(store, content, first, count, empty);
    const auto chosen = join_part(part, empty, labels, member, seen, report, store.path().string());
    if (chosen.size() > 0) {
      joined.append(chosen);
    }
  }
  for (const auto& label : labels.all()) {
    if (member(label.id) && !seen.contains(label.id)) {
      report.unfeatured.push_back(label.id);
    }
  }
  report.used = joined.size();
  IONSIFT_VALIDATE(
      joined.size() > 0, data,
      fmt::format("no structure of {} is labelled and in the set {}", store.path().string(), set),
      fmt::format("{} structures of the store have no label, {} labelled ones are not in the store, "
                  "{} have no row in the views asked for",
                  report.unlabelled.size(), report.unfeatured.size(), report.empty.size()),
      "Check that labels, split and store name their structures alike.");
  return joined;
}

} // namespace ionsift::dataset
