// SPDX-License-Identifier: BSD-3-Clause
// Oxidation states: the file's own, or found by charge balance.
#pragma once

#include "ionsift/crystal/chemistry/composition.hpp"

#include <map>

namespace ionsift::crystal {

struct OxidationGuess {
  /// Mean oxidation state of each element (mixed valence gives fractions). Empty where nothing balances.
  std::map<int, double> states;
  double residual_charge = 0; ///< per formula unit as given
  double log_likelihood = 0;  ///< of the assignment, from how often each state occurs
  int nodes = 0;              ///< partial assignments that were looked at
  bool exhausted = false;     ///< there were more than could be looked at; a likelier one may exist

  bool found() const { return !states.empty(); }
};

struct OxidationOptions {
  double tolerance = 0.05; ///< accepted residual, as a fraction of the total charge of the anions
  int max_nodes = 100000;  ///< partial assignments looked at with one sign for each element, and as many with
                           ///< both; the best found until then counts
};

/// Most probable assignment of known states to elements that balances the charge; also for fractional
/// amounts. One element at most is in two adjacent states. They have one sign unless nothing else balances;
/// then first a non-metal may be both (the hydrogen of LiBH4 with NH3), last the most electronegative element
/// may mix its least negative state with 0 (the carbon of LiC6). The most
/// electronegative element that has negative states is negative, metals of the d and f blocks never are.
/// Elements alone and combinations of metals do not balance: nothing found. Exceeding `max_nodes` is no
/// error, but is noted.
OxidationGuess guess_oxidation(const Composition& composition, const OxidationOptions& options = {});

} // namespace ionsift::crystal
