// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/chemistry/near_composition.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace ionsift::crystal {

RoundedComposition::RoundedComposition(const Composition& composition)
    : elements_(composition.chemical_system()) {
  const double total = composition.total();
  for (const auto& [element, amount] : composition.amounts()) {
    thousandths_.push_back(static_cast<int>(std::nearbyint(1000.0 * amount / total)));
  }
}

std::optional<int> RoundedComposition::difference(const RoundedComposition& other) const {
  if (elements_ != other.elements_) {
    return std::nullopt;
  }
  int largest = 0;
  for (std::size_t i = 0; i < thousandths_.size(); ++i) {
    largest = std::max(largest, std::abs(thousandths_[i] - other.thousandths_[i]));
  }
  return largest;
}

bool is_within(int difference, double tolerance) {
  // 1e-9: the product need not be a whole number where the tolerance is one of thousandths.
  return difference <= 1000.0 * tolerance + 1e-9;
}

bool contradict(const Composition& first, const Composition& second) {
  constexpr int hydrogen = 1;
  constexpr double trace = 0.05, apart = 0.1; // atomic fractions
  const auto without_hydrogen = [](const Composition& whole) {
    Composition rest;
    for (const auto& [element, amount] : whole.amounts()) {
      if (element != hydrogen) {
        rest.add(element, amount);
      }
    }
    return rest;
  };
  const auto a = without_hydrogen(first), b = without_hydrogen(second);
  const auto differs = [&](const Composition& one, const Composition& other) {
    return std::ranges::any_of(one.amounts(), [&](const auto& entry) {
      const double here = one.fraction(entry.first), there = other.fraction(entry.first);
      return std::abs(here - there) > apart || (there == 0 && here >= trace);
    });
  };
  return differs(a, b) || differs(b, a);
}

} // namespace ionsift::crystal
