// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/features/feature_set.hpp"
#include "ionsift/dataset/labels/labels.hpp"
#include "ionsift/dataset/split/split.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include "append_given.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_set>

namespace ionsift::dataset {

namespace {

constexpr std::uint64_t structures_at_once = 1024;
/// Decimals of amounts in tables of labels; published ones have at most four.
constexpr int formula_decimals = 6;

/// Whether an id belongs to the requested set.
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

/// Positions of the labelled members among consecutive structures of a store.
std::vector<std::size_t> labelled(const FeatureSet& part, const std::vector<std::uint8_t>& empty,
                                  const GivenDescriptors* given, const Labels& labels,
                                  const Membership& member, std::unordered_set<std::string>& seen,
                                  JoinReport& report, const std::string& store_name) {
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
    } else if (given != nullptr && given->find(id) == nullptr) {
      report.incomplete.push_back(id);
    } else {
      positions.push_back(s);
    }
  }
  return positions;
}

FeatureSet with_labels(FeatureSet set, const Labels& labels) {
  set.threshold = labels.threshold();
  for (const auto& id : set.id) {
    const auto* label = labels.find(id);
    set.label.push_back(label->positive);
    set.conductivity.push_back(label->conductivity);
    set.upper_bound.push_back(label->upper_bound ? 1 : 0);
  }
  return set;
}

/// Descriptors of structures of a store; each rank makes those of its slice. Collective.
Descriptors describe_together(const parallel::Communicator& comm, const store::Reader& store,
                              const std::vector<std::uint64_t>& indices,
                              const std::vector<DescriptorBlock>& blocks) {
  Descriptors mine;
  parallel::together(comm, [&] {
    const auto slice = parallel::slice_of(indices.size(), comm.rank(), comm.size());
    std::vector<crystal::Crystal> crystals;
    for (auto i = slice.first; i < slice.last; ++i) {
      crystals.push_back(std::move(store.crystals(indices[i], 1).front()));
    }
    mine = describe(crystals, blocks);
  });
  const auto values = comm.all_gather(
      std::span<const double>(mine.values.data(), static_cast<std::size_t>(mine.values.size())));
  mine.values = Eigen::Map<const Matrix<double>>(values.data(), static_cast<Eigen::Index>(indices.size()),
                                                 mine.values.cols());
  return mine;
}

} // namespace

FeatureSet join(const store::Reader& store, const Content& content, const Labels& labels, const Split* split,
                const std::string& set, JoinReport& report, const parallel::Communicator& comm) {
  const Membership member(split, set);
  const auto* given = given_of(content);
  report = {};
  FeatureSet joined;
  std::unordered_set<std::string> seen;
  std::vector<std::uint8_t> empty;
  std::vector<std::uint64_t> indices;
  for (std::uint64_t first = 0; first < store.size(); first += structures_at_once) {
    const auto count = std::min(structures_at_once, store.size() - first);
    const auto part = slice(store, {content.views, {}}, first, count, empty);
    const auto positions = labelled(part, empty, given, labels, member, seen, report, store.path().string());
    if (!positions.empty()) {
      joined.append(with_labels(part.select(positions), labels));
    }
    for (const auto position : positions) {
      indices.push_back(first + position);
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
                  "{} have no row in the requested views, {} lack a given descriptor",
                  report.unlabelled.size(), report.unfeatured.size(), report.empty.size(),
                  report.incomplete.size()),
      "Check that labels, split and store use the same names for structures.");
  if (!content.blocks.empty()) {
    joined.descriptors = describe_together(comm, store, indices, content.blocks);
  }
  if (given != nullptr) {
    append_given(joined, *given);
  }
  return joined;
}

FeatureSet table_entries(const Labels& labels, const std::vector<std::string>& ids,
                         std::vector<std::string>& unreadable) {
  FeatureSet entries;
  std::vector<crystal::Composition> compositions;
  for (const auto& id : ids) {
    if (auto composition = labels.composition_of(id)) {
      entries.formula.push_back(composition->formula(formula_decimals));
      compositions.push_back(std::move(*composition));
      entries.id.push_back(id);
    } else {
      unreadable.push_back(id);
    }
  }
  entries.descriptors = describe_compositions(compositions);
  return with_labels(std::move(entries), labels);
}

} // namespace ionsift::dataset
