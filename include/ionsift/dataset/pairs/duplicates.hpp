// SPDX-License-Identifier: BSD-3-Clause
// Search for entries that are the same structure, and the choice of one of them (METHOD: section 1).
#pragma once

#include "ionsift/crystal/crystal.hpp"
#include "ionsift/dataset/labels/labels.hpp"
#include "ionsift/dataset/pairs/structure_pairs.hpp"
#include "ionsift/parallel/communicator.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace ionsift::dataset {

/// Members that matching pairs connect, also through others. Groups and their members are in ascending order;
/// every member is in one group, alone if need be.
std::vector<std::vector<std::uint64_t>> connected_groups(std::uint64_t members,
                                                         std::span<const CrystalPair> pairs);

/// The position of the median conductivity among labelled ones; of an even number the lower of the two middle
/// ones, so that the entry is a measured one. Upper bounds count with their value; equal values stay
/// in order. Entries without a label (nullptr) are used only if no entry has one: then the first is
/// taken.
/// @param labels at least one
std::size_t median_position(std::span<const Label* const> labels);

struct DuplicateGroup {
  std::vector<std::uint64_t> members; ///< positions of its members in the collection, ascending
  std::uint64_t kept = 0;             ///< the position that is retained
};

struct Duplicates {
  std::vector<DuplicateGroup> groups; ///< groups of at least two, ordered by first member
  std::vector<MatchedPair> pairs;     ///< the matches that connect them
  std::uint64_t compared = 0;         ///< pairs that composition and volume did not rule out
  std::uint64_t undecided = 0;     ///< compared pairs that exceeded the time limit; they count as different
  std::vector<std::uint64_t> kept; ///< positions of all retained entries, ascending
};

/// Collective; every rank holds the same crystals and gets the same result. Matching is not transitive,
/// groups are: two members of a group may match only through a third.
/// @param labels of the entries by id, or nullptr for none: then the first entry of each group is retained
/// @param kept as in match_pairs; where that was interrupted the result is empty
Duplicates find_duplicates(const parallel::Communicator& comm, const std::vector<crystal::Crystal>& crystals,
                           const Labels* labels, const PairOptions& options = {},
                           KeptComparisons* kept = nullptr);

/// FOLDER/groups.csv (group, id, source, formula, conductivity_S_per_cm, kept, matches),
/// FOLDER/pairs.csv (first, second, rms, max_distance) and FOLDER/kept.csv (id, conductivity_S_per_cm, group,
/// members), which is a table of labels again. Not collective; rank 0 writes.
void write_duplicates(const std::filesystem::path& folder, const std::vector<crystal::Crystal>& crystals,
                      const Labels* labels, const Duplicates& duplicates);

} // namespace ionsift::dataset
