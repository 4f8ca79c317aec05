// SPDX-License-Identifier: BSD-3-Clause
#include "composition_descriptors.hpp"

#include "ionsift/crystal/atom.hpp"
#include "ionsift/crystal/chemistry/element.hpp"
#include "ionsift/crystal/chemistry/oxidation.hpp"

namespace ionsift::dataset {

namespace {

constexpr int lithium = 3;

void add_oxidation_states(const crystal::Composition& composition, DescriptorSink& sink) {
  Spread spread;
  for (const auto& [element, state] : crystal::guess_oxidation(composition).states) {
    spread.add(state, composition.fraction(element));
  }
  spread.write(sink, "composition.oxidation");
}

} // namespace

int anion_of(const crystal::Composition& composition) {
  int anion = lithium;
  double highest = -1;
  for (const auto& [element, amount] : composition.amounts()) {
    const double electronegativity = crystal::element(element).electronegativity;
    if (element != lithium && amount > 0 && electronegativity > highest) {
      anion = element;
      highest = electronegativity;
    }
  }
  return anion;
}

void describe_composition(const crystal::Composition& composition, DescriptorSink& sink) {
  for (int element = 1; element <= crystal::max_atomic_number; ++element) {
    sink.add("composition.fraction." + std::string(crystal::element(element).symbol),
             composition.fraction(element));
  }
  Spread electronegativity, pettifor, number, mass, radius;
  double entropy = 0;
  int elements = 0;
  for (const auto& [atomic_number, amount] : composition.amounts()) {
    const double share = composition.fraction(atomic_number);
    if (!(share > 0)) {
      continue;
    }
    const auto& element = crystal::element(atomic_number);
    if (element.electronegativity > 0) {
      electronegativity.add(element.electronegativity, share);
    }
    pettifor.add(element.modified_pettifor, share);
    number.add(atomic_number, share);
    mass.add(crystal::atomic_mass(atomic_number), share);
    radius.add(crystal::covalent_radius(atomic_number), share);
    entropy -= share * std::log(share);
    ++elements;
  }
  electronegativity.write(sink, "composition.electronegativity");
  pettifor.write(sink, "composition.pettifor");
  number.write(sink, "composition.atomic_number");
  mass.write(sink, "composition.mass");
  radius.write(sink, "composition.covalent_radius");
  add_oxidation_states(composition, sink);
  sink.add("composition.elements", elements);
  sink.add("composition.entropy", entropy);

  const int anion = anion_of(composition);
  sink.add("composition.anion.electronegativity", crystal::element(anion).electronegativity);
  sink.add("composition.anion.atomic_number", anion);
  sink.add("composition.lithium_per_anion", composition.fraction(lithium) / composition.fraction(anion));
}

} // namespace ionsift::dataset
