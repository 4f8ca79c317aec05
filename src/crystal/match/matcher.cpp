// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/match/matcher.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/time_budget.hpp"
#include "ionsift/crystal/cell/lattice_reduction.hpp"

#include "cell/fractional.hpp"
#include "cell/lattice_mapping.hpp"
#include "primitive_cell.hpp"
#include "site_matching.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>

namespace ionsift::crystal {

namespace {

/// Species in the order of `compare`, those that compare equal added up.
std::vector<Species> distinct_species(const std::vector<Species>& species, bool with_oxidation) {
  std::vector<Species> distinct;
  for (Species one : species) {
    one.oxidation = with_oxidation ? one.oxidation : 0.0;
    const auto known = std::ranges::find_if(distinct, [&](const Species& other) {
      return other.atomic_number == one.atomic_number && other.oxidation == one.oxidation;
    });
    if (known == distinct.end()) {
      distinct.push_back(one);
    } else {
      known->occupancy += one.occupancy;
    }
  }
  std::ranges::sort(distinct, [](const Species& a, const Species& b) {
    return std::pair(a.atomic_number, a.oxidation) < std::pair(b.atomic_number, b.oxidation);
  });
  return distinct;
}

bool alike(const std::vector<Species>& a, const std::vector<Species>& b, double tolerance) {
  return std::ranges::equal(a, b, [&](const Species& x, const Species& y) {
    return x.atomic_number == y.atomic_number && x.oxidation == y.oxidation &&
           std::abs(x.occupancy - y.occupancy) <= tolerance + 1e-9; // 0.140 and 0.139 differ by 0.001
  });
}

/// Position of `species` in `kinds`, to which it is added if it is new.
int kind_of(std::vector<Species> species, std::vector<std::vector<Species>>& kinds, double tolerance) {
  const auto known =
      std::ranges::find_if(kinds, [&](const auto& kind) { return alike(kind, species, tolerance); });
  if (known == kinds.end()) {
    kinds.push_back(std::move(species));
    return static_cast<int>(kinds.size()) - 1;
  }
  return static_cast<int>(known - kinds.begin());
}

/// The kind of each site of two cells in one numbering.
std::pair<std::vector<int>, std::vector<int>>
common_kinds(const MatchingCell& first, const MatchingCell& second, const MatcherOptions& options) {
  // If only one of the two has oxidation states, there is nothing to compare.
  const bool with_oxidation = options.compare_oxidation && first.oxidation_given && second.oxidation_given;
  std::vector<std::vector<Species>> kinds;
  const auto numbered = [&](const MatchingCell& cell) {
    std::vector<int> number;
    for (const auto& species : cell.kinds) {
      number.push_back(
          kind_of(distinct_species(species, with_oxidation), kinds, options.occupancy_tolerance));
    }
    std::vector<int> of_sites;
    for (const int kind : cell.kind) {
      of_sites.push_back(number[static_cast<std::size_t>(kind)]);
    }
    return of_sites;
  };
  auto of_first = numbered(first);
  auto of_second = numbered(second);
  return {std::move(of_first), std::move(of_second)};
}

Eigen::Matrix3d mean_lattice(const Eigen::Matrix3d& a, const Eigen::Matrix3d& b) {
  const auto of_a = cell_parameters(a);
  const auto of_b = cell_parameters(b);
  return lattice_of({(of_a.lengths + of_b.lengths) / 2, (of_a.angles + of_b.angles) / 2});
}

/// The sites of `cell` in another basis of its lattice, each coordinate in [0, 1).
std::vector<Eigen::Vector3d> in_basis(const std::vector<Eigen::Vector3d>& fractional,
                                      const Eigen::Matrix3i& multiples) {
  const Eigen::Matrix3d change = multiples.cast<double>().transpose().inverse();
  std::vector<Eigen::Vector3d> changed;
  changed.reserve(fractional.size());
  for (const auto& site : fractional) {
    changed.push_back(inside(change * site));
  }
  return changed;
}

bool is_better(const StructureMatch& a, const std::optional<StructureMatch>& b) {
  return !b || a.rms < b->rms;
}

} // namespace

double MatchingCell::volume() const {
  return std::abs(lattice.determinant());
}

MatchingCell matching_cell(const Crystal& crystal, const MatcherOptions& options) {
  IONSIFT_VALIDATE(!crystal.sites.empty(), data, fmt::format("{} has no sites", crystal.id),
                   "only crystals with atoms can be compared", "Leave it out.");
  IONSIFT_VALIDATE(crystal.volume() > 1e-6, data, fmt::format("{} has a cell without volume", crystal.id),
                   fmt::format("it measures {} cubic angstrom", crystal.volume()), "Correct the cell.");
  MatchingCell cell;
  cell.lattice = crystal.lattice;
  cell.oxidation_given = crystal.oxidation_source == OxidationSource::given;
  std::vector<int> kind_of_orbit;
  for (const Orbit& orbit : crystal.orbits) {
    const bool with_oxidation = options.compare_oxidation && cell.oxidation_given;
    kind_of_orbit.push_back(
        kind_of(distinct_species(orbit.species, with_oxidation), cell.kinds, options.occupancy_tolerance));
  }
  for (const Site& site : crystal.sites) {
    cell.fractional.push_back(site.fractional);
    cell.kind.push_back(kind_of_orbit[static_cast<std::size_t>(site.orbit)]);
  }
  if (options.primitive) {
    make_primitive(cell, options.primitive_tolerance);
  }
  const Eigen::Matrix3d reduced = minkowski_reduced(cell.lattice);
  const Eigen::Matrix3d change = (cell.lattice * reduced.inverse()).transpose();
  for (auto& site : cell.fractional) {
    site = inside(change * site);
  }
  cell.lattice = reduced;
  return cell;
}

std::optional<StructureMatch> match(const MatchingCell& first, const MatchingCell& second,
                                    const MatcherOptions& options) {
  if (first.size() != second.size() || first.size() == 0) {
    return std::nullopt;
  }
  const TimeBudget budget(options.max_seconds);
  const auto [first_kinds, second_kinds] = common_kinds(first, second, options);
  auto matching = SiteMatching::prepare(first_kinds, second_kinds, second.fractional);
  if (!matching) {
    return std::nullopt;
  }
  const double ratio = options.scale_volumes ? std::cbrt(second.volume() / first.volume()) : 1.0;
  const Eigen::Matrix3d first_lattice = first.lattice * std::sqrt(ratio);
  const Eigen::Matrix3d second_lattice = second.lattice / std::sqrt(ratio);

  std::optional<StructureMatch> best;
  for (const auto& mapping :
       lattice_mappings(first_lattice, second_lattice, options.length_tolerance, options.angle_tolerance)) {
    const Eigen::Matrix3d mean =
        mean_lattice(mapping.multiples.cast<double>() * first_lattice, second_lattice);
    const auto found = matching->match(in_basis(first.fractional, mapping.multiples), mean,
                                       options.site_tolerance, options.best, budget);
    if (found && is_better(*found, best)) {
      best = found;
    }
    if (best && !options.best) {
      break;
    }
  }
  return best;
}

std::optional<StructureMatch> match(const Crystal& first, const Crystal& second,
                                    const MatcherOptions& options) {
  return match(matching_cell(first, options), matching_cell(second, options), options);
}

} // namespace ionsift::crystal
