// SPDX-License-Identifier: BSD-3-Clause
// Parallel search for the same structures in one or two collections.
#pragma once

#include "ionsift/crystal/match/matcher.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/parallel/kept_work.hpp"

#include <cstdint>
#include <vector>

namespace ionsift::dataset {

struct PairOptions {
  crystal::MatcherOptions matcher;
  /// Atomic fractions of a pair differ by at most this; matching sites differ by less, so nothing is lost.
  double fraction_tolerance = 0.01;
  /// Volumes per atom of a pair differ at most by this factor. The matcher scales volumes, but a structure
  /// strained by more than its length tolerance along every edge is another phase.
  double volume_ratio = 1.728;
};

/// Positions of two crystals; within one collection first < second.
struct CrystalPair {
  std::uint64_t first = 0;
  std::uint64_t second = 0;

  // NOLINTNEXTLINE(modernize-use-nullptr): of the comparison that the compiler makes
  auto operator<=>(const CrystalPair&) const = default;
};

/// Pairs of one collection that composition and volume do not rule out, in ascending order.
std::vector<CrystalPair> plausible_pairs(const std::vector<crystal::Crystal>& crystals,
                                         const PairOptions& options);
/// Pairs of a crystal of the first collection and one of the second.
std::vector<CrystalPair> plausible_pairs(const std::vector<crystal::Crystal>& first,
                                         const std::vector<crystal::Crystal>& second,
                                         const PairOptions& options);

struct MatchedPair {
  CrystalPair pair;
  crystal::StructureMatch match;
};

struct PairMatches {
  std::vector<MatchedPair> matched;   ///< matches in the order of the pairs
  std::vector<CrystalPair> undecided; ///< pairs beyond the matcher's time limit; taken as different
};

/// Resumable comparisons, and their progress.
struct KeptComparisons {
  parallel::JobFolder place; ///< its input identifies crystals, pairs and options
  parallel::KeptWork work;   ///< output: progress of this run
};

/// Finds the pairs that match; collective. Every rank holds the same crystals and pairs and gets the same
/// result, whatever their number. Warns of undecided pairs.
/// @param kept makes the run interruptible (parallel::work_through): the result is empty if it was
/// interrupted. Without it all pairs are compared, whatever signals come
PairMatches match_pairs(const parallel::Communicator& comm, const std::vector<crystal::Crystal>& first,
                        const std::vector<crystal::Crystal>& second, const std::vector<CrystalPair>& pairs,
                        const crystal::MatcherOptions& options, KeptComparisons* kept = nullptr);

} // namespace ionsift::dataset
