// SPDX-License-Identifier: BSD-3-Clause
#include "valence.hpp"

#include "ionsift/crystal/chemistry/oxidation.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ionsift::crystal {

namespace {

double total_charge(const Crystal& crystal) {
  double charge = 0;
  for (const Orbit& orbit : crystal.orbits) {
    for (const Species& species : orbit.species) {
      charge += species.oxidation * species.occupancy * orbit.multiplicity;
    }
  }
  return charge;
}

/// Sets every species by its element; species of one element on one site become one.
void set_by_element(Crystal& crystal, const std::map<int, double>& states) {
  for (Orbit& orbit : crystal.orbits) {
    std::vector<Species> merged;
    for (Species species : orbit.species) {
      const auto state = states.find(species.atomic_number);
      species.oxidation = state == states.end() ? 0.0 : state->second;
      if (!merged.empty() && merged.back().atomic_number == species.atomic_number) {
        merged.back().occupancy += species.occupancy;
      } else {
        merged.push_back(species);
      }
    }
    orbit.species = std::move(merged);
  }
}

} // namespace

void assign_oxidation_states(Crystal& crystal, const RawStructure& raw) {
  const bool all_given =
      std::ranges::all_of(raw.atoms, [](const RawAtom& atom) { return atom.oxidation.has_value(); });
  const bool all_zero =
      all_given && std::ranges::all_of(raw.atoms, [](const RawAtom& atom) { return *atom.oxidation == 0; });
  if (all_given && !all_zero) {
    crystal.oxidation_source = OxidationSource::given;
    crystal.residual_charge = total_charge(crystal);
    return;
  }
  const OxidationGuess guess = guess_oxidation(crystal.composition());
  if (guess.exhausted) {
    crystal.warnings.push_back(
        fmt::format("oxidation_search_exhausted: after {} partial assignments {}", guess.nodes,
                    guess.found() ? "the likeliest until then was taken" : "none was found that balances"));
  }
  if (all_zero && guess.found()) {
    crystal.warnings.emplace_back(
        "zero_oxidation: the oxidation number of every atom is 0, which was taken for "
        "unknown, since other states balance");
  }
  set_by_element(crystal, guess.states);
  crystal.oxidation_source = guess.found() ? OxidationSource::guessed : OxidationSource::neutral;
  crystal.residual_charge = total_charge(crystal);
}

} // namespace ionsift::crystal
