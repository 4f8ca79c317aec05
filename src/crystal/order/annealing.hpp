// SPDX-License-Identifier: BSD-3-Clause
// Simulated annealing for the arrangement of lowest energy where there are too many to enumerate.
#pragma once

#include "ionsift/base/time_budget.hpp"

#include "arrangement.hpp"

#include <cstdint>
#include <optional>

namespace ionsift::crystal {

struct AnnealingOptions {
  int starts = 20;             ///< runs from random arrangements
  int steps = 1000;            ///< exchanges tried per run and site
  double tie_tolerance = 1e-6; ///< energies within this are equal; eV of all atoms together
  std::uint64_t seed = 1;
  std::uint64_t key = 0;
};

struct Annealed {
  Occupants best;
  double energy = 0;       ///< energy of the best arrangement, eV
  std::uint64_t tried = 0; ///< number of exchanges tried
  std::uint64_t ties = 0;  ///< runs that ended at this energy
};

/// Metropolis steps while the temperature falls geometrically from the mean energy change of an exchange to
/// a thousandth of it, then exchanges as long as one lowers the energy. The number of occupied pairs of
/// rivals never increases. Nothing if no run ends without any.
/// @throws Error limit when the budget is exhausted
std::optional<Annealed> anneal(const ArrangementProblem& problem, const AnnealingOptions& options,
                               const TimeBudget& budget = {});

} // namespace ionsift::crystal
