// SPDX-License-Identifier: BSD-3-Clause
// Parsing of the names that files give to atoms: "Li1+", "O2-", "Fe+3", "D", "LI1A", "Vac", "0.8Nb + 0.2Zr".
#pragma once

#include "ionsift/crystal/chemistry/composition.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace ionsift::crystal {

struct ParsedSymbol {
  int atomic_number = 0;           ///< 0 for a dummy
  std::optional<double> oxidation; ///< charge, if one is written
  bool implies_hydrogen = false;   ///< "OH", "Wat", "NH4+": an atom whose hydrogen atoms are not listed

  bool is_dummy() const { return atomic_number == 0; }
};

/// One species of a mixture and its share of the site.
struct MixturePart {
  ParsedSymbol symbol;
  double amount = 1;
};

/// A type symbol: an element, then a charge or nothing; a group with hydrogen; or a dummy. Nothing if the
/// whole text is none of these.
std::optional<ParsedSymbol> parse_type_symbol(std::string_view symbol);

/// Whether a type symbol in capitals may stand for a group of atoms as well as for an element: "HO", "NO3",
/// "PO4", "CO3". Only a formula can distinguish them.
bool may_be_group(std::string_view symbol);

/// Several species with their amounts, before the species ("0.8Nb + 0.2Zr", "0.75(2)Si+0.25Al",
/// "1/3Li+2/3Na") or after it ("Li0.5Na0.5", "Nb5+0.8Zr4+0.2", "Li:0.5 Na:0.5", "Li(0.5)Na(0.5)"), with "+",
/// ",", "/", ";", "&",
/// "|", blanks or nothing between them, perhaps in brackets. Also one species with an amount ("0.6Li").
/// Vacancies ("Vac", "[]", an empty square) take their share and are left out. Nothing if an amount is
/// missing or more than 1, or if a number after a sign is ambiguous between charge and amount ("Li+0.5").
std::optional<std::vector<MixturePart>> parse_mixture(std::string_view symbol);

/// The element that an atom label names.
struct LabelReading {
  ParsedSymbol symbol;
  int alternative = 0;   ///< the other element that capitals such as "CA" may mean, 0 if there is none
  bool doubtful = false; ///< nothing else in the file confirms the reading
  bool is_oxygen_alone =
      false; ///< "Ow", "O1W", "OH": oxygen of a group whose hydrogen atoms have their own labels if listed
};

/// An atom label. A symbol that it spells out ("Se1", "Nb2A") is that element whatever the formula; in
/// capitals
/// ("CA1", "CL2") two letters are one element, unless `formula` holds only the element of the first one.
/// "Wat", "Ow1", "O1W", "OH", "H2O" and the like are oxygen. A second element ("FeNi1") makes the reading
/// doubtful. Nothing if the label names no element: "T1", "REE",
/// "M2", "Fe/Ni".
/// @param formula as declared, or null
/// @param has_tritium whether the file names tritium elsewhere
std::optional<LabelReading> parse_label(std::string_view label, const Composition* formula,
                                        bool has_tritium = false);

} // namespace ionsift::crystal
