// SPDX-License-Identifier: BSD-3-Clause
// Structure matching: compares two crystals in any cells, origins, settings and site orders.
#pragma once

#include "ionsift/crystal/crystal.hpp"

#include <Eigen/Core>
#include <optional>
#include <vector>

namespace ionsift::crystal {

/// The tolerances of METHOD: section 1, which are the defaults of pymatgen's StructureMatcher (Ong et al.,
/// Comput. Mater. Sci. 68, 314, 2013).
struct MatcherOptions {
  double length_tolerance = 0.2;     ///< cell edges differ by at most this fraction
  double angle_tolerance = 5.0;      ///< largest difference of cell angles, degrees
  double site_tolerance = 0.3;       ///< largest displacement, in units of (V/N)^(1/3)
  bool scale_volumes = true;         ///< both cells are brought to the mean volume first
  bool primitive = true;             ///< cells are reduced to primitive ones first
  double primitive_tolerance = 0.25; ///< largest distance between translation-equivalent sites, angstrom
  double occupancy_tolerance = 1e-3; ///< largest difference of a species' occupancies on corresponding sites
  bool compare_oxidation = false;    ///< species also differ by oxidation state, where both crystals give it
  bool best = false;                 ///< find the match of smallest rms instead of the first one
  double max_seconds = 600;          ///< limit of processor time for one pair of cells
};

/// A crystal prepared for matching: a reduced cell and sites by kind. Prepare once, compare often.
struct MatchingCell {
  Eigen::Matrix3d lattice = Eigen::Matrix3d::Identity(); ///< rows a, b, c in angstrom; Minkowski-reduced
  std::vector<Eigen::Vector3d> fractional;               ///< each coordinate in [0, 1)
  std::vector<int> kind;                                 ///< [sites] index into `kinds`
  std::vector<std::vector<Species>> kinds;               ///< distinct occupations
  bool oxidation_given = false;

  std::size_t size() const { return fractional.size(); } ///< number of sites, split positions included
  double volume() const;
};

/// Reduces a crystal to its primitive cell (unless the options say otherwise) with the shortest edges.
/// Translations between sites of one kind make a cell smaller where every site has a partner within the
/// primitive tolerance; partners are averaged. Noisy positions are therefore handled.
/// @throws Error data for a crystal without sites or without volume
MatchingCell matching_cell(const Crystal& crystal, const MatcherOptions& options = {});

/// How closely two crystals match.
struct StructureMatch {
  double rms = 0;          ///< root mean square displacement over sites, in units of (V/N)^(1/3)
  double max_distance = 0; ///< largest displacement, in the same units
};

/// Searches for a basis of the first lattice that resembles the second's, an origin, and an assignment of
/// sites to sites of the same species and occupancies, so that no site is displaced by more than the
/// tolerance. Displacements are measured in the mean of both cells and without their common translation.
/// Mirror images match.
///
/// Cells are taken as they are: a match needs the same number of sites in both. The order of the arguments
/// may decide cases at the limit of a tolerance.
/// @throws Error limit when the time limit is reached
std::optional<StructureMatch> match(const MatchingCell& first, const MatchingCell& second,
                                    const MatcherOptions& options = {});

/// Matches two crystals, which are prepared first.
std::optional<StructureMatch> match(const Crystal& first, const Crystal& second,
                                    const MatcherOptions& options = {});

} // namespace ionsift::crystal
