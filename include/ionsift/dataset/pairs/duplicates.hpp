// SPDX-License-Identifier: BSD-3-Clause
// Entries that are the same structure, and which of them stays (METHOD: section 1).
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
/// ones, so that the entry is one that was measured. Upper bounds count with their figure; equal values stay
/// in order. Entries without a label (nullptr) come into play only when none has one: then the first is
/// taken.
/// @param labels at least one
std::size_t median_position(std::span<const Label* const> labels);

struct DuplicateGroup {
  std::vector<std::uint64_t> members; ///< positions in the collection, ascending
  std::uint64_t kept = 0;             ///< one of them
};

struct Duplicates {
  std::vector<DuplicateGroup> groups; ///< of at least two, by their first member
  std::vector<MatchedPair> pairs;     ///< the matches behind them
  std::uint64_t compared = 0;         ///< pairs that were not ruled out beforehand
  std::uint64_t undecided = 0;        ///< of these, pairs that took too long and count as different
  std::vector<std::uint64_t> kept;    ///< positions of all entries that stay, ascending
};

/// Collective; every rank holds the same crystals and gets the same result. Matching is not transitive,
/// groups are: two members of a group may match only through a third.
/// @param labels of the entries by id, or nullptr for none: the first entry of each group stays then
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
