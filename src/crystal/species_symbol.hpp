// Atoms by the names that files give them: "Li1+", "O2-", "Fe+3", "D", "LI1A", "Vac".
#pragma once

#include "ionsift/crystal/composition.hpp"

#include <optional>
#include <string_view>

namespace ionsift::crystal {

struct ParsedSymbol {
  int atomic_number = 0;           ///< 0 for a dummy
  std::optional<double> oxidation; ///< where a charge is written
  bool implies_hydrogen = false;   ///< "OH", "Wat": an oxygen whose hydrogen atoms are not listed

  bool is_dummy() const { return atomic_number == 0; }
};

/// A type symbol: an element, then a charge or nothing. Nothing when it is neither that nor a dummy.
std::optional<ParsedSymbol> parse_type_symbol(std::string_view symbol);

/// An atom label, which begins with an element's symbol ("Li1", "O12A", "CL3"). Where one and two letters
/// both make an element, the one that `formula` holds is taken, else two letters when the second is lower
/// case.
std::optional<ParsedSymbol> parse_label(std::string_view label, const Composition* formula);

} // namespace ionsift::crystal
