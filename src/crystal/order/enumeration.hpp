// SPDX-License-Identifier: BSD-3-Clause
// Enumeration of the symmetry-distinct arrangements of a disordered supercell.
#pragma once

#include "ionsift/base/time_budget.hpp"

#include "arrangement.hpp"

#include <cstdint>
#include <optional>

namespace ionsift::crystal {

/// The site to which each symmetry operation takes each disordered site; includes the identity.
using SitePermutations = std::vector<std::vector<int>>;

struct Enumeration {
  Occupants best;
  double energy = 0;              ///< lowest energy, eV
  std::uint64_t arrangements = 0; ///< arrangements without occupied pairs of rivals
  std::uint64_t distinct = 0;     ///< symmetry-distinct arrangements
  std::uint64_t ties = 0;         ///< distinct arrangements of lowest energy
};

struct EnumerationOptions {
  std::uint64_t max_arrangements = 50000;
  double tie_tolerance = 1e-6; ///< energies within this are equal; eV of all atoms together
  std::uint64_t seed = 1; ///< chooses among ties, with probabilities proportional to their symmetric copies
  std::uint64_t key = 0;
};

/// Whether there are more arrangements than allowed, as an upper bound known in advance: rivals may leave
/// fewer than `possible`.
bool are_too_many(const ArrangementProblem& problem, std::uint64_t max_arrangements);

/// The arrangement of lowest energy, or nothing if there are more than allowed. If no arrangement
/// exists, `arrangements` is 0.
/// @param symmetry a group of permutations that preserve sublattices and energies
/// @throws Error limit when the budget is exhausted
std::optional<Enumeration> enumerate(const ArrangementProblem& problem, const SitePermutations& symmetry,
                                     const EnumerationOptions& options, const TimeBudget& budget = {});

} // namespace ionsift::crystal
