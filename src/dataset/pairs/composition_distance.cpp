// SPDX-License-Identifier: BSD-3-Clause
#include "composition_distance.hpp"

#include <algorithm>
#include <cmath>

namespace ionsift::dataset {

double largest_fraction_difference(const crystal::Composition& a, const crystal::Composition& b) {
  double largest = 0;
  for (const auto* one : {&a, &b}) {
    for (const auto& [element, amount] : one->amounts()) {
      largest = std::max(largest, std::abs(a.fraction(element) - b.fraction(element)));
    }
  }
  return largest;
}

} // namespace ionsift::dataset
