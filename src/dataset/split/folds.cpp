// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/split/folds.hpp"

#include "ionsift/base/enum_names.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/random.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <map>

namespace ionsift::dataset {

namespace {

/// Orders numbers by value and groups by alphabet; an empty text is not a fold.
struct FoldKey {
  int number = -1;
  std::string text;

  auto operator<=>(const FoldKey&) const = default;
  bool empty() const { return number < 0 && text.empty(); }
  std::string name() const { return text.empty() ? std::to_string(number) : text; }
};

FoldKey key_of(const SplitRow* row, FoldKind kind) {
  if (row == nullptr) {
    return {};
  }
  switch (kind) {
  case FoldKind::fold:
    return {row->fold, {}};
  case FoldKind::cluster:
    return {row->cluster, {}};
  case FoldKind::group:
    return {-1, row->group};
  }
  return {};
}

constexpr auto fold_kind_names = enum_names<FoldKind>(
    {{FoldKind::fold, "fold"}, {FoldKind::cluster, "cluster"}, {FoldKind::group, "group"}});

} // namespace

std::string_view name_of(FoldKind kind) {
  return fold_kind_names.name(kind);
}

FoldKind fold_kind_of(std::string_view name) {
  return fold_kind_names.parse(name, "kind of fold");
}

std::vector<std::size_t> Folds::validated(int fold) const {
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < of.size(); ++i) {
    if (of[i] == fold) {
      positions.push_back(i);
    }
  }
  return positions;
}

std::vector<std::size_t> Folds::trained(int fold) const {
  if (!training.empty()) {
    return training[static_cast<std::size_t>(fold)];
  }
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < of.size(); ++i) {
    if (of[i] != fold) {
      positions.push_back(i);
    }
  }
  return positions;
}

Folds make_folds(const std::vector<std::string>& id, const Split& split, FoldKind kind) {
  std::map<FoldKey, int> position;
  for (const auto& structure : id) {
    if (auto key = key_of(split.find(structure), kind); !key.empty()) {
      position.emplace(std::move(key), 0);
    }
  }
  IONSIFT_VALIDATE(!position.empty(), usage,
                   fmt::format("{} divides no structure by {}", split.name(), name_of(kind)),
                   "it has no such column, or nothing in it for the structures of this set",
                   "Name the column, choose another way with --by, or make folds with ionsift split.");
  Folds folds;
  for (auto& [key, number] : position) {
    number = static_cast<int>(folds.name.size());
    folds.name.push_back(key.name());
  }
  for (const auto& structure : id) {
    const auto key = key_of(split.find(structure), kind);
    folds.of.push_back(key.empty() ? -1 : position.at(key));
  }
  return folds;
}

Folds folds_by_value(const std::vector<std::string>& value, std::size_t smallest) {
  std::map<std::string, std::size_t> count;
  for (const auto& one : value) {
    count[one] += one.empty() ? 0 : 1;
  }
  const auto name_of = [&](const std::string& one) {
    return one.empty() ? one : count.at(one) < smallest ? std::string("others") : one;
  };
  std::map<std::string, int> position;
  for (const auto& one : value) {
    if (auto name = name_of(one); !name.empty()) {
      position.emplace(std::move(name), 0);
    }
  }
  IONSIFT_VALIDATE(position.size() > 1, data, fmt::format("{} folds by value", position.size()),
                   "at least two are needed: one is left out, the others are trained on",
                   "Name a column with more values, or allow smaller folds.");
  Folds folds;
  for (auto& [name, number] : position) {
    number = static_cast<int>(folds.name.size());
    folds.name.push_back(name);
  }
  for (const auto& one : value) {
    const auto name = name_of(one);
    folds.of.push_back(name.empty() ? -1 : position.at(name));
  }
  return folds;
}

Folds folds_by_year(const std::vector<int>& year, const std::vector<int>& cuts,
                    const std::vector<std::vector<std::size_t>>& known) {
  IONSIFT_VALIDATE(!cuts.empty() && std::ranges::adjacent_find(cuts, std::greater_equal<>()) == cuts.end(),
                   usage, "the years do not ascend",
                   "each is the end of what is trained on, the next the end of what is "
                   "validated",
                   "Give for example 2005,2010,2015.");
  Folds folds;
  folds.of.assign(year.size(), -1);
  for (std::size_t c = 0; c < cuts.size(); ++c) {
    const int last = c + 1 < cuts.size() ? cuts[c + 1] : std::numeric_limits<int>::max();
    std::vector<std::size_t> training;
    std::size_t validated = 0;
    const auto is_trained = [&](std::size_t i) { return year[i] > 0 && year[i] <= cuts[c]; };
    for (std::size_t i = 0; i < year.size(); ++i) {
      if (is_trained(i)) {
        training.push_back(i);
      } else if (year[i] > cuts[c] && year[i] <= last &&
                 (known.empty() || std::ranges::none_of(known[i], is_trained))) {
        folds.of[i] = static_cast<int>(folds.name.size());
        ++validated;
      }
    }
    if (validated > 0) {
      folds.name.push_back(fmt::format("after {}", cuts[c]));
      folds.training.push_back(std::move(training));
    }
  }
  IONSIFT_VALIDATE(!folds.name.empty(), data, "nothing was measured after these years",
                   "or all of it has the composition of what was measured before", "Give earlier years.");
  return folds;
}

std::vector<int> folds_of(const std::vector<std::string>& id, const Split& split, FoldKind kind,
                          const Folds& folds) {
  std::vector<int> positions;
  for (const auto& entry : id) {
    const auto key = key_of(split.find(entry), kind);
    const auto found = std::find(folds.name.begin(), folds.name.end(), key.name());
    positions.push_back(
        key.empty() || found == folds.name.end() ? -1 : static_cast<int>(found - folds.name.begin()));
  }
  return positions;
}

std::vector<std::size_t> nested_subset(const std::vector<std::size_t>& training,
                                       const std::vector<int>& label, double share, std::uint64_t seed) {
  IONSIFT_VALIDATE(share > 0 && share <= 1, usage,
                   fmt::format("{} is not a share of the training part", share),
                   "it must be above 0 and at most 1", "Give for example 0.25,0.5,1.");
  if (share == 1) {
    return training;
  }
  std::vector<std::size_t> kept;
  for (const int c : {0, 1}) {
    std::vector<std::size_t> of_class;
    std::copy_if(training.begin(), training.end(), std::back_inserter(of_class),
                 [&](std::size_t i) { return label[i] == c; });
    RandomStream(seed, static_cast<std::uint64_t>(c)).shuffle(of_class);
    const auto n = std::lround(share * static_cast<double>(of_class.size()));
    of_class.resize(std::min(of_class.size(), static_cast<std::size_t>(std::max(1L, n))));
    kept.insert(kept.end(), of_class.begin(), of_class.end());
  }
  std::sort(kept.begin(), kept.end());
  return kept;
}

} // namespace ionsift::dataset
