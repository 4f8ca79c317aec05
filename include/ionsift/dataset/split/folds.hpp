// SPDX-License-Identifier: BSD-3-Clause
// Folds: structures that are validated together.
#pragma once

#include "ionsift/dataset/split/split.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ionsift::dataset {

/// The criterion by which structures are left out together: a fold of a k-fold validation, a cluster of
/// compounds (LOCO), or a group such as a publication.
enum class FoldKind { fold, cluster, group };
/// "fold", "cluster" or "group".
std::string_view name_of(FoldKind kind);
/// @throws Error usage, listing the valid names
FoldKind fold_kind_of(std::string_view name);

/// A division of structures.
struct Folds {
  std::vector<std::string> name; ///< names of the folds; numbers ascending, groups by alphabet
  std::vector<int> of;           ///< [structures] position in `name`; -1: never validated
  /// [folds] training part, ascending, if it is not the complement of the fold
  /// (folds_by_year).
  std::vector<std::vector<std::size_t>> training{};

  std::size_t size() const { return name.size(); }
  /// Positions of the structures in a fold, and of all others; ascending.
  std::vector<std::size_t> validated(int fold) const;
  std::vector<std::size_t> trained(int fold) const;
};

/// The folds of the structures with these ids, without empty ones.
/// @throws Error usage when the split has no fold of this kind for any of them
Folds make_folds(const std::vector<std::string>& id, const Split& split, FoldKind kind);

/// Folds of equal values (chemistries). Those with fewer than `smallest` structures are one fold, "others";
/// an empty value is in none. @throws Error data where there are fewer than two folds
Folds folds_by_value(const std::vector<std::string>& value, std::size_t smallest);

/// Folds by time: structures measured after a year, up to the next given one, are validated by those
/// measured until then. Structures that were validated with an earlier year are trained on with a later one.
/// @param year [structures] 0: not known, neither trained on nor validated
/// @param known [structures] of earlier structures whose like each is (near compositions): it is not
/// validated by what it is among; empty: none
/// @throws Error usage (years do not ascend), data (nothing is validated)
Folds folds_by_year(const std::vector<int>& year, const std::vector<int>& cuts,
                    const std::vector<std::vector<std::size_t>>& known);

/// Positions in `folds` of other entries by the same split; -1 if in none of these folds.
std::vector<int> folds_of(const std::vector<std::string>& id, const Split& split, FoldKind kind,
                          const Folds& folds);

/// The subset of a training part for a share of it, ascending: of each class the first ones of a
/// shuffled order that does not depend on the share, so that smaller subsets lie in larger ones. The classes
/// keep their proportion; at least one of each remains.
/// @param label of all structures  @param share in (0, 1]  @throws Error usage for another share
std::vector<std::size_t> nested_subset(const std::vector<std::size_t>& training,
                                       const std::vector<int>& label, double share, std::uint64_t seed);

} // namespace ionsift::dataset
