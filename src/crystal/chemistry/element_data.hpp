// SPDX-License-Identifier: BSD-3-Clause
// The element table as data; element.cpp makes Elements of it.
#pragma once

#include "ionsift/crystal/chemistry/element.hpp"

#include <array>

namespace ionsift::crystal {

struct ElementRow {
  std::string_view symbol;
  int modified_pettifor;
  double electronegativity;
  std::array<OxidationState, 10> oxidation_states; ///< ascending; ends with the first that has no occurrences
};

/// Index = atomic number - 1.
extern const std::array<ElementRow, max_atomic_number> element_rows;

} // namespace ionsift::crystal
