// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/formula.hpp"

#include "ionsift/crystal/chemistry/element.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <vector>

namespace ionsift::crystal {

namespace {

/// Anions in IUPAC's order, the one that is named last first: "PS4Cl", "OCl", "NH2".
int place_of_anion(int atomic_number) {
  static constexpr std::array order = {5, 14, 6, 51, 33, 15, 7, 1, 52, 34, 16, 8, 85, 53, 35, 17, 9};
  const auto* found = std::ranges::find(order, atomic_number);
  return found == order.end() ? -1 : static_cast<int>(found - order.begin());
}

/// Mean oxidation states over the cell.
std::map<int, double> mean_states(const Crystal& crystal) {
  std::map<int, double> charge;
  for (const Orbit& orbit : crystal.orbits) {
    for (const Species& species : orbit.species) {
      charge[species.atomic_number] += species.oxidation * species.occupancy * orbit.multiplicity;
    }
  }
  const Composition cell = crystal.composition();
  for (auto& [atomic_number, sum] : charge) {
    sum /= cell.amount(atomic_number);
  }
  return charge;
}

} // namespace

std::string written_formula(const Crystal& crystal) {
  const Composition unit = crystal.formula_unit();
  const auto states = mean_states(crystal);
  using Place = std::tuple<int, double, double>;
  std::vector<std::pair<Place, int>> order;
  for (const auto& [atomic_number, amount] : unit.amounts()) {
    const double state = states.contains(atomic_number) ? states.at(atomic_number) : 0;
    const double electronegativity = element(atomic_number).electronegativity;
    // Cationic hydrogen follows nitrogen: "LiNH2".
    const bool among_anions = state < 0 || (state > 0 && atomic_number == 1);
    if (among_anions) {
      order.push_back({{1, place_of_anion(atomic_number), electronegativity}, atomic_number});
    } else {
      order.push_back({{0, state, electronegativity > 0 ? electronegativity : 5.0}, atomic_number});
    }
  }
  std::ranges::sort(order);
  std::string text;
  for (const auto& [place, atomic_number] : order) {
    Composition one;
    one.add(atomic_number, unit.amount(atomic_number));
    text += one.formula();
  }
  return text;
}

} // namespace ionsift::crystal
