// Oxidation states: the file's own, or found by charge balance.
#pragma once

#include "ionsift/crystal/composition.hpp"

#include <map>

namespace ionsift::crystal {

struct OxidationGuess {
  /// Mean oxidation state of each element (mixed valence gives fractions). Empty where nothing balances.
  std::map<int, double> states;
  double residual_charge = 0; ///< per formula unit as given
  double log_likelihood = 0;  ///< of the assignment, from how often each state occurs

  bool found() const { return !states.empty(); }
};

struct OxidationOptions {
  double tolerance = 0.05; ///< accepted |charge| per atom... of the composition normalized to one anion sum
  int max_nodes = 200000;  ///< search budget
};

/// Most probable assignment of known states to elements that balances the charge; also for fractional
/// amounts, one element at most in two adjacent states. Elements alone or combinations of metals that
/// cannot balance count as neutral: nothing found.
OxidationGuess guess_oxidation(const Composition& composition, const OxidationOptions& options = {});

} // namespace ionsift::crystal
