// SPDX-License-Identifier: BSD-3-Clause
// Drawing of splits: a random test set and folds, stratified by class, with undivided groups.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ionsift::dataset {

/// A structure to assign to a set and a fold.
struct SplitMember {
  std::string id;
  int positive = 0;  ///< class 0 or 1
  std::string set;   ///< given set; empty: to be drawn
  int cluster = -1;  ///< copied to the output
  std::string group; ///< members of one group share their set and their fold; empty: alone

  bool operator==(const SplitMember&) const = default;
};

struct SplitDraw {
  double test_share = 0.1;        ///< share of the members without a set; the others become "train"
  int folds = 5;                  ///< number of folds, 0 for none
  int repeats = 1;                ///< number of times the folds are drawn
  std::string fold_set = "train"; ///< the set that is divided into folds
  std::uint64_t seed = 1;
};

struct DrawnSplit {
  std::vector<SplitMember> members; ///< members by ascending id, each with a set
  /// [repeats x members] 0 .. folds - 1, or -1 outside of the set that is divided.
  std::vector<std::vector<int>> folds;

  bool operator==(const DrawnSplit&) const = default;
};

/// Members alone: each class is shuffled and dealt out, so that the test set has its share of each class and
/// folds differ by at most one member in each class and in all. Members in groups: the test set takes groups
/// in random order while that brings its classes nearer to the share; folds take groups by size, the largest
/// first, equal ones in random order, each to where the classes become most even. The order of the input does
/// not matter.
/// @throws Error usage (a share outside [0, 1), fewer than 2 folds, fewer groups or members than folds), data
/// (an id twice, no member)
DrawnSplit draw_split(std::vector<SplitMember> members, const SplitDraw& draw = {});

/// Groups with members in more than one set, which only given sets can cause.
std::vector<std::string> divided_groups(const std::vector<SplitMember>& members);

/// id, set, fold, group, cluster, and fold_2, fold_3 ... for further repeats; read again by Split.
void write_split(const std::filesystem::path& path, const DrawnSplit& split);

} // namespace ionsift::dataset
