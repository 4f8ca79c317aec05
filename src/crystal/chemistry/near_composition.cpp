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

} // namespace ionsift::crystal
