// SPDX-License-Identifier: BSD-3-Clause
// The elements, as far as crystals and their chemistry need them.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace ionsift::crystal {

/// One oxidation state of an element and how many sites of inorganic crystals were found to have it.
struct OxidationState {
  int value;
  int occurrences;
};

struct Element {
  int atomic_number;
  std::string_view symbol;
  int modified_pettifor;    ///< position on the modified Pettifor scale (Glawe et al. 2016), 0 if it has none
  double electronegativity; ///< Pauling, 0 if unknown
  std::span<const OxidationState> oxidation_states; ///< known states, ascending
};

/// Largest known atomic number.
inline constexpr int max_atomic_number = 103;

/// @param atomic_number 1 .. max_atomic_number
const Element& element(int atomic_number);

/// Atomic number of a symbol, letter case ignored; D and T count as hydrogen. Nothing for an unknown symbol.
std::optional<int> atomic_number_of(std::string_view symbol);

} // namespace ionsift::crystal
