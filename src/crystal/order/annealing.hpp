// SPDX-License-Identifier: BSD-3-Clause
// A search for the arrangement of lowest energy where there are too many to look at all.
#pragma once

#include "ionsift/base/time_budget.hpp"

#include "arrangement.hpp"

#include <cstdint>
#include <optional>

namespace ionsift::crystal {

struct AnnealingOptions {
  int starts = 20;             ///< from random arrangements
  int steps = 1000;            ///< exchanges tried in each, for each site
  double tie_tolerance = 1e-6; ///< eV, of all atoms together
  std::uint64_t seed = 1;
  std::uint64_t key = 0;
};

struct Annealed {
  Occupants best;
  double energy = 0;       ///< eV
  std::uint64_t tried = 0; ///< exchanges
  std::uint64_t ties = 0;  ///< starts that ended at this energy
};

/// Metropolis steps while the temperature falls geometrically, from the mean change that an exchange makes to
/// a thousandth of it, and then exchanges as long as one lowers the energy. Pairs of rivals that are both
/// occupied never become more. Nothing where no start ends without any.
/// @throws Error limit when the budget is used up
std::optional<Annealed> anneal(const ArrangementProblem& problem, const AnnealingOptions& options,
                               const TimeBudget& budget = {});

} // namespace ionsift::crystal
