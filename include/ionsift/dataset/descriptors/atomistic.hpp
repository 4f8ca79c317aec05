// SPDX-License-Identifier: BSD-3-Clause
// Five interpretable features of a lithium conductor (Sendek et al., Energy Environ. Sci. 2017, 10, 306).
#pragma once

#include "ionsift/crystal/crystal.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ionsift::dataset {

/// The anion is the most electronegative element of the crystal. Means over atoms of a disordered crystal are
/// ratios of expectations, which is what they tend to in a large piece of it.
struct AtomisticFeatures {
  double li_li_distance = 0;    ///< mean distance from a Li to the nearest Li, angstrom
  double li_anion_distance = 0; ///< mean distance from a Li to the nearest anion, angstrom
  double li_li_neighbours = 0;  ///< mean number of Li within 4 A of a Li
  /// Mean difference of Pauling electronegativities over pairs within 4 A that are not both Li.
  double ionicity = 0;
  double anion_coordination = 0; ///< mean number of anions nearer to an anion than its nearest one plus 1 A

  std::array<double, 5> values() const {
    return {li_li_distance, li_anion_distance, li_li_neighbours, ionicity, anion_coordination};
  }
};
inline constexpr std::array<std::string_view, 5> atomistic_names = {
    "li_li_distance", "li_anion_distance", "li_li_neighbours", "ionicity", "anion_coordination"};

struct AtomisticOptions {
  double pair_cutoff = 4; ///< largest distance of a pair, angstrom
  double shell = 1;       ///< width of the anion shell beyond the nearest anion, angstrom
  /// Sites nearer than this, angstrom, whose occupancies sum to at most 1 are never occupied together: parts
  /// of a split site. Sites are independent otherwise. 0: no site excludes another.
  double exclusion = 1.5;
};

/// The features of independently occupied sites, exactly: distances to the nearest are summed over the sites
/// around, each with the probability that it is occupied and no nearer one is. Exact with exclusion as well
/// where the sites of a split position all exclude each other. Images of a site are occupied independently
/// of it. Distances beyond 30 A count as 30 A.
/// @throws Error data (no Li, no other element, nothing near enough to be a pair)
AtomisticFeatures expected_features(const crystal::Crystal& crystal, const AtomisticOptions& options = {});

/// As published (METHOD: section 5): occupancies are drawn until every running mean has changed by less than
/// `tolerance` of itself, `settled` steps in a row; several such runs are averaged.
struct SamplingOptions {
  double tolerance = 0.01;
  int settled = 100;
  int runs = 5;
  int max_steps = 20000; ///< largest number of steps of a run
  /// The cell is repeated until its edges are at least this long, angstrom: images of a site are occupied
  /// with it, and would copy one choice all around.
  double min_edge = 10;
  std::uint64_t seed = 1;
};

struct SampledFeatures {
  AtomisticFeatures mean;
  std::uint64_t steps = 0; ///< total steps of all runs
};

/// @param key identifies the crystal, so that each has its own random numbers
/// @throws Error as expected_features, numeric where a run does not settle
SampledFeatures sampled_features(const crystal::Crystal& crystal, const SamplingOptions& sampling,
                                 std::uint64_t key, const AtomisticOptions& options = {});

/// A feature in words: "what conducts has ...", for the sign of its coefficient.
std::string in_words(std::string_view feature, bool larger);

/// Features of structures by id, as a table.
struct FeatureTable {
  std::vector<std::string> names;          ///< [columns] names
  std::vector<std::string> ids;            ///< [rows] ids
  std::vector<std::vector<double>> values; ///< [rows][columns]

  /// Every column but the ids holds finite numbers.
  /// @throws Error missing (file, column of ids), data (no number, an id twice)
  static FeatureTable read(const std::filesystem::path& path, const std::string& id_column = {});
};

} // namespace ionsift::dataset
