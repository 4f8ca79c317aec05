// SPDX-License-Identifier: BSD-3-Clause
// All arrangements of a disordered supercell, one of each symmetry-equal set.
#pragma once

#include "ionsift/base/time_budget.hpp"

#include "arrangement.hpp"

#include <cstdint>
#include <optional>

namespace ionsift::crystal {

/// Where each symmetry operation takes each disordered site; the identity among them.
using SitePermutations = std::vector<std::vector<int>>;

struct Enumeration {
  Occupants best;
  double energy = 0;              ///< eV
  std::uint64_t arrangements = 0; ///< that respect the rivals
  std::uint64_t distinct = 0;     ///< up to symmetry
  std::uint64_t ties = 0;         ///< distinct ones with the lowest energy
};

struct EnumerationOptions {
  std::uint64_t max_arrangements = 50000;
  double tie_tolerance = 1e-6; ///< eV, of all atoms together
  std::uint64_t seed = 1;      ///< chooses among ties, each as likely as it has symmetric copies
  std::uint64_t key = 0;
};

/// Whether there are more arrangements than allowed, as far as that is known before looking: rivals may leave
/// fewer than `possible`.
bool are_too_many(const ArrangementProblem& problem, std::uint64_t max_arrangements);

/// The arrangement of lowest energy, or nothing where there are more than allowed. No arrangement at all:
/// zero of them.
/// @param symmetry a group of permutations that keep sublattices and energies
/// @throws Error limit when the budget is used up
std::optional<Enumeration> enumerate(const ArrangementProblem& problem, const SitePermutations& symmetry,
                                     const EnumerationOptions& options, const TimeBudget& budget = {});

} // namespace ionsift::crystal
