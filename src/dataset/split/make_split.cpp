// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/split/make_split.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <ostream>
#include <set>

namespace ionsift::dataset {

namespace {

// Keys of the random streams; the folds of repeat r have the key fold_key + r.
constexpr std::uint64_t test_key = 1;
constexpr std::uint64_t fold_key = 100;

using Positions = std::vector<std::size_t>;
using ClassCounts = std::array<double, 2>;

/// Members that stay together, and their numbers by class.
struct SplitUnit {
  Positions members;
  ClassCounts counts{};

  std::size_t size() const { return members.size(); }
};

std::vector<SplitUnit> units_of(const std::vector<SplitMember>& members, const Positions& chosen) {
  std::map<std::string, std::size_t> of_group;
  std::vector<SplitUnit> units;
  for (const auto i : chosen) {
    const auto& group = members[i].group;
    const auto place = group.empty() ? units.size() : of_group.try_emplace(group, units.size()).first->second;
    if (place == units.size()) {
      units.emplace_back();
    }
    units[place].members.push_back(i);
    ++units[place].counts[static_cast<std::size_t>(members[i].positive)];
  }
  return units;
}

ClassCounts total_of(const std::vector<SplitUnit>& units) {
  ClassCounts total{};
  for (const auto& unit : units) {
    for (std::size_t c = 0; c < total.size(); ++c) {
      total[c] += unit.counts[c];
    }
  }
  return total;
}

bool all_alone(const std::vector<SplitUnit>& units) {
  return std::ranges::all_of(units, [](const SplitUnit& unit) { return unit.size() == 1; });
}

/// The members of each class in random order, class 1 first.
std::array<Positions, 2> shuffled_classes(const std::vector<SplitMember>& members, const Positions& chosen,
                                          RandomStream& random) {
  std::array<Positions, 2> classes;
  for (const auto i : chosen) {
    classes[members[i].positive == 1 ? 0 : 1].push_back(i);
  }
  for (auto& one : classes) {
    random.shuffle(one);
  }
  return classes;
}

/// A share of each class; the remainder of rounding is taken from class 0.
Positions draw_alone(const std::vector<SplitMember>& members, const Positions& chosen, double share,
                     RandomStream& random) {
  const auto classes = shuffled_classes(members, chosen, random);
  const auto wanted = [share](std::size_t n) {
    return static_cast<std::size_t>(std::llround(share * static_cast<double>(n)));
  };
  const auto of_first = wanted(classes[0].size());
  const auto of_second = std::min(classes[1].size(), std::max(wanted(chosen.size()), of_first) - of_first);
  Positions drawn(classes[0].begin(), classes[0].begin() + static_cast<std::ptrdiff_t>(of_first));
  drawn.insert(drawn.end(), classes[1].begin(), classes[1].begin() + static_cast<std::ptrdiff_t>(of_second));
  return drawn;
}

/// Sum over the classes of the squared distance of a part of all from what it should be.
double unevenness(const ClassCounts& counts, const ClassCounts& total, double share) {
  double sum = 0;
  for (std::size_t c = 0; c < total.size(); ++c) {
    if (total[c] > 0) {
      const double distance = counts[c] / total[c] - share;
      sum += distance * distance;
    }
  }
  return sum;
}

ClassCounts operator+(ClassCounts a, const ClassCounts& b) {
  for (std::size_t c = 0; c < a.size(); ++c) {
    a[c] += b[c];
  }
  return a;
}

Positions draw_whole(std::vector<SplitUnit> units, double share, RandomStream& random) {
  const auto total = total_of(units);
  random.shuffle(units);
  ClassCounts drawn{};
  Positions positions;
  for (const auto& unit : units) {
    if (unevenness(drawn + unit.counts, total, share) < unevenness(drawn, total, share)) {
      drawn = drawn + unit.counts;
      positions.insert(positions.end(), unit.members.begin(), unit.members.end());
    }
  }
  return positions;
}

/// Each class dealt out; the second continues where the first ended, so that fold sizes differ by one at
/// most.
void deal(const std::vector<SplitMember>& members, const Positions& chosen, int folds, RandomStream& random,
          std::vector<int>& fold_of) {
  int next = 0;
  for (const auto& one : shuffled_classes(members, chosen, random)) {
    for (const auto i : one) {
      fold_of[i] = next;
      next = (next + 1) % folds;
    }
  }
}

/// The fold in which a unit makes the folds most even: by class, then in size, then the first one.
std::size_t best_fold(const std::vector<ClassCounts>& counts, const SplitUnit& unit,
                      const ClassCounts& total) {
  const double share = 1.0 / static_cast<double>(counts.size());
  std::size_t best = 0;
  double least = 0;
  for (std::size_t fold = 0; fold < counts.size(); ++fold) {
    // Only this fold changes; the other terms of the sum over folds are the same for every choice.
    const double change =
        unevenness(counts[fold] + unit.counts, total, share) - unevenness(counts[fold], total, share);
    const auto size = [&](std::size_t f) { return counts[f][0] + counts[f][1]; };
    constexpr double equal = 1e-12;
    if (fold == 0 || change < least - equal || (change < least + equal && size(fold) < size(best))) {
      best = fold;
      least = change;
    }
  }
  return best;
}

void assign_whole(std::vector<SplitUnit> units, int folds, RandomStream& random, std::vector<int>& fold_of) {
  const auto total = total_of(units);
  random.shuffle(units);
  std::ranges::stable_sort(units, std::greater{}, &SplitUnit::size);
  std::vector<ClassCounts> counts(static_cast<std::size_t>(folds));
  for (const auto& unit : units) {
    const auto fold = best_fold(counts, unit, total);
    counts[fold] = counts[fold] + unit.counts;
    for (const auto i : unit.members) {
      fold_of[i] = static_cast<int>(fold);
    }
  }
}

void check(const std::vector<SplitMember>& members, const SplitDraw& draw) {
  IONSIFT_VALIDATE(draw.test_share >= 0 && draw.test_share < 1, usage,
                   fmt::format("the share of the test set cannot be {}", draw.test_share),
                   "it is a part of all structures, from 0 to below 1", "Give for example 0.1.");
  IONSIFT_VALIDATE(
      draw.folds == 0 || draw.folds >= 2, usage, fmt::format("there cannot be {} folds", draw.folds),
      "each fold is validated by what is trained on the others", "Give at least 2, or 0 for none.");
  IONSIFT_VALIDATE(draw.repeats >= 1, usage, fmt::format("folds cannot be drawn {} times", draw.repeats),
                   "the first time counts", "Give at least 1.");
  IONSIFT_VALIDATE(!members.empty(), data, "there is nothing to split", "no structure is labelled",
                   "Check that labels, split and store use the same names for structures.");
  for (std::size_t i = 1; i < members.size(); ++i) {
    IONSIFT_VALIDATE(members[i - 1].id != members[i].id, data,
                     fmt::format("structure {} is to be split twice", members[i].id),
                     "it would be in two sets", "Keep one row for each structure.");
  }
}

void draw_sets(std::vector<SplitMember>& members, const SplitDraw& draw) {
  Positions open;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (members[i].set.empty()) {
      open.push_back(i);
    }
  }
  RandomStream random(draw.seed, test_key);
  auto units = units_of(members, open);
  const auto test = all_alone(units) ? draw_alone(members, open, draw.test_share, random)
                                     : draw_whole(std::move(units), draw.test_share, random);
  for (const auto i : open) {
    members[i].set = "train";
  }
  for (const auto i : test) {
    members[i].set = "test";
  }
}

std::vector<int> draw_folds(const std::vector<SplitMember>& members, const SplitDraw& draw, int repeat) {
  Positions chosen;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (members[i].set == draw.fold_set) {
      chosen.push_back(i);
    }
  }
  auto units = units_of(members, chosen);
  IONSIFT_VALIDATE(units.size() >= static_cast<std::size_t>(draw.folds), usage,
                   fmt::format("the set {} cannot be divided into {} folds", draw.fold_set, draw.folds),
                   fmt::format("it has {} structures in {} groups", chosen.size(), units.size()),
                   "Ask for fewer folds, or group by something finer.");
  RandomStream random(draw.seed, fold_key + static_cast<std::uint64_t>(repeat));
  std::vector<int> fold_of(members.size(), -1);
  if (all_alone(units)) {
    deal(members, chosen, draw.folds, random, fold_of);
  } else {
    assign_whole(std::move(units), draw.folds, random, fold_of);
  }
  return fold_of;
}

} // namespace

DrawnSplit draw_split(std::vector<SplitMember> members, const SplitDraw& draw) {
  std::ranges::sort(members, {}, &SplitMember::id);
  check(members, draw);
  draw_sets(members, draw);
  DrawnSplit split;
  for (int repeat = 0; repeat < draw.repeats && draw.folds > 0; ++repeat) {
    split.folds.push_back(draw_folds(members, draw, repeat));
  }
  split.members = std::move(members);
  return split;
}

std::vector<std::string> divided_groups(const std::vector<SplitMember>& members) {
  std::map<std::string, std::set<std::string>> sets;
  for (const auto& member : members) {
    if (!member.group.empty()) {
      sets[member.group].insert(member.set);
    }
  }
  std::vector<std::string> divided;
  for (const auto& [group, of_group] : sets) {
    if (of_group.size() > 1) {
      divided.push_back(group);
    }
  }
  return divided;
}

void write_split(const std::filesystem::path& path, const DrawnSplit& split) {
  const auto number = [](int value) { return value < 0 ? std::string() : fmt::format("{}", value); };
  write_file_atomically(path, [&](std::ostream& out) {
    std::vector<std::string> header = {"id", "set", "fold", "group", "cluster"};
    for (std::size_t repeat = 1; repeat < split.folds.size(); ++repeat) {
      header.push_back(fmt::format("fold_{}", repeat + 1));
    }
    write_csv_row(out, header);
    for (std::size_t i = 0; i < split.members.size(); ++i) {
      const auto& member = split.members[i];
      const int first = split.folds.empty() ? -1 : split.folds.front()[i];
      std::vector<std::string> cells = {member.id, member.set, number(first), member.group,
                                        number(member.cluster)};
      for (std::size_t repeat = 1; repeat < split.folds.size(); ++repeat) {
        cells.push_back(number(split.folds[repeat][i]));
      }
      write_csv_row(out, cells);
    }
  });
}

} // namespace ionsift::dataset
