// SPDX-License-Identifier: BSD-3-Clause
// One structure's row in a screening.
#pragma once

#include "ionsift/screen/filters.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace ionsift::screen {

/// Of the members' probabilities, as shares.
inline constexpr std::array member_quantiles = {0.05, 0.25, 0.5, 0.75, 0.95};

/// Number of nearest compositions stored with a row.
inline constexpr std::size_t measured_neighbours = 3;

/// Unknown numbers are NaN, unknown texts empty.
struct Candidate {
  static constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

  std::uint64_t index = 0; ///< index in the store
  std::string id, formula, source;
  std::string sha256; ///< SHA-256 of the source entry
  bool ordered = true;

  // Prediction; unknown without features.
  double probability = unknown, sd = unknown;
  std::array<double, member_quantiles.size()> quantile = {unknown, unknown, unknown, unknown, unknown};
  double d_training = unknown;
  double d_centroid = unknown; ///< distance to the centroid of the training set, in units of d_training
  /// First two principal components of the training set's mean features (dataset::TrainingDistance).
  std::array<double, 2> component = {unknown, unknown};
  std::string nearest_id; ///< nearest training structure
  std::string nearest_formula;
  int nearest_label = -1;

  // Gaps in eV.
  double band_gap = unknown;   ///< the known one before the predicted one
  std::string band_gap_source; ///< source of a known gap ("megnet2019"), "predicted" or "unknown"
  double known_gap = unknown;
  double predicted_gap = unknown; ///< also unknown where it was not needed

  // What filters look at besides.
  bool intermetallic = false; ///< no assignment of charges balances
  bool metallic = false;      ///< no anion former among the elements
  bool lithium = false, hydrogen = false;
  std::string redox_metals, radioactive, toxic, scarce; ///< elements that are found
  std::string excluded, lacking;                        ///< elements of the user's own lists
  int elements = 0;
  double hull = unknown; ///< energy above the hull, eV/atom
  /// Training entry, or known compound, of (nearly) the same composition; empty where novel.
  std::string known_as;
  double composition_distance = unknown; ///< element-mover distance to the nearest of them
  std::string nearest_composition;       ///< id of that training entry
  struct NextComposition {
    std::string id;
    double distance = unknown;
  };
  /// The next ones that are other compositions.
  std::array<NextComposition, measured_neighbours - 1> next_compositions;

  Verdicts verdicts{};              ///< verdicts of all_filters; the others are inactive
  std::optional<Filter> dropped_by; ///< the first filter that it fails

  // Among the kept ones.
  std::string group;  ///< id of the best one of the same structure; empty where there is no other
  int group_size = 1; ///< kept structures of that group

  /// Stands for its group in ranked tables.
  bool leads() const { return group.empty() || group == id; }
};

} // namespace ionsift::screen
