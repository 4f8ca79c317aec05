// SPDX-License-Identifier: BSD-3-Clause
// Measured compounds, and comments on rows that resemble them.
#pragma once

#include "ionsift/screen/candidate.hpp"

#include <limits>
#include <optional>
#include <string>
#include <unordered_map>

namespace ionsift::screen {

/// A compound that an ensemble was trained on, or that a user knows of.
struct MeasuredCompound {
  std::string formula;
  double conductivity = std::numeric_limits<double>::quiet_NaN(); ///< S/cm at room temperature
  bool upper_bound = false;                                       ///< the conductivity is one
  std::optional<bool> superionic;
  std::string reference; ///< DOI or other reference
};
/// By the ids of rows' `known_as`, `nearest_composition` and `next_compositions`.
using MeasuredCompounds = std::unordered_map<std::string, MeasuredCompound>;

/// "1.2e-02 S/cm (10.1038/nmat3066)", "< 1.0e-10 S/cm", "superionic"; "-" where nothing is known.
std::string describe(const MeasuredCompound& compound);

/// The status of a row in plain words: "candidate", "measured already: 1.2e-02 S/cm (10.1038/nmat3066)",
/// "composition known: like Li10GeP2S12, 1.2e-02 S/cm", "no lithium", "band gap too small: 0.20", "not
/// judged: no features that the ensemble needs". What stands before the colon is one of a few.
std::string status_of(const Candidate& row, const MeasuredCompounds& measured);

/// The measured compounds whose compositions are nearest to a row's, nearest first, as "Li10GeP2S12: 1.2e-02
/// S/cm (10.1038/nmat3066)"; empty texts where there are fewer.
std::array<std::string, measured_neighbours> nearest_measured(const Candidate& row,
                                                              const MeasuredCompounds& measured);

/// What comments compare a row with.
struct CommentScale {
  /// So far from their nearest neighbour are 95 % of the training structures, in units of d_training; NaN
  /// where it is not known.
  double usual_distance = std::numeric_limits<double>::quiet_NaN();
};

/// A sentence or two on a candidate: how likely, how sure, what it resembles, whether that is an
/// interpolation, and what speaks against it.
std::string comment_on(const Candidate& row, const MeasuredCompounds& measured, const CommentScale& scale);

} // namespace ionsift::screen
