// SPDX-License-Identifier: BSD-3-Clause
// Oxidation states: the file's own, or found by charge balance.
#pragma once

#include "ionsift/crystal/chemistry/composition.hpp"

#include <map>

namespace ionsift::crystal {

struct OxidationGuess {
  /// Mean oxidation state of each element (mixed valence gives fractions). Empty if no assignment balances.
  std::map<int, double> states;
  double residual_charge = 0; ///< charge left over, electrons per formula unit as given
  double log_likelihood = 0;  ///< log-likelihood of the assignment, from how often each state occurs
  int nodes = 0;              ///< partial assignments visited
  bool exhausted = false;     ///< the search hit max_nodes; a likelier assignment may exist

  bool found() const { return !states.empty(); }
};

struct OxidationOptions {
  double tolerance = 0.05; ///< accepted residual, as a fraction of the total charge of the anions
  int max_nodes = 100000;  ///< partial assignments visited with one sign for each element, and as many with
                           ///< both; the best found until then counts
};

/// The most probable charge-balanced assignment of known states to elements, also for fractional
/// amounts. At most one element has two adjacent states. They have one sign unless nothing else balances;
/// then first a non-metal may be both (the hydrogen of LiBH4 with NH3), last the most electronegative element
/// may mix its least negative state with 0 (the carbon of LiC6). The most
/// electronegative element that has negative states is negative, metals of the d and f blocks never are.
/// Pure elements and combinations of metals do not balance: nothing is found. Exceeding `max_nodes` is not an
/// error, but is recorded.
OxidationGuess guess_oxidation(const Composition& composition, const OxidationOptions& options = {});

} // namespace ionsift::crystal
