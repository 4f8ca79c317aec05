// SPDX-License-Identifier: BSD-3-Clause
// Elements for reasons of chemistry, safety and supply; docs/screening.md repeats the lists with their
// sources.
#pragma once

#include "ionsift/crystal/chemistry/composition.hpp"

#include <set>
#include <string>
#include <string_view>

namespace ionsift::screen {

/// By atomic number.
using ElementSet = std::set<int>;

/// H, C, N, O, F, P, S, Cl, As, Se, Br, Te, I: a compound of lithium without any of them is an alloy or an
/// intermetallic. B, Si, Ge, Sn, Sb and Bi are not among them, since their compounds with lithium alone
/// conduct electrons or nearly do.
const ElementSet& anion_formers();
/// Ti, V, Cr, Mn, Fe, Co, Ni, Cu, Nb, Mo, Tc, Ru, Rh, W, Re, Os, Ir, Pt, Au: they can take up electrons when
/// lithium comes in, and conduct them. These are the d elements of groups 4 to 11 that have two or more
/// positive oxidation states, each on at least a tenth of their ions in inorganic crystals (occurrences in
/// crystal::Element), and W for its bronzes Li(x)WO3.
const ElementSet& redox_metals();
/// Elements without a stable isotope: Tc, Pm, and all from Po on (CIAAW, Standard atomic weights of the
/// elements 2021, Pure Appl. Chem. 94, 573, 2022); Bi, whose half-life is 2e19 years, counts as stable.
const ElementSet& radioactive_elements();
/// Cd, Hg, Pb (restricted by Directive 2011/65/EU, Annex II); As, Be (group 1 in IARC Monographs vol. 100C,
/// 2012); Tl (acutely toxic, category 2: Regulation (EC) 1272/2008, Annex VI).
const ElementSet& toxic_elements();
/// Se, Ru, Rh, Pd, Ag, Te, Re, Os, Ir, Pt, Au, Hg, Bi: less than 0.1 mg/kg of the Earth's crust (CRC Handbook
/// of Chemistry and Physics, "Abundance of Elements in the Earth's Crust and in the Sea").
const ElementSet& scarce_elements();

/// "Fe,Mn" or "Fe Mn". @throws Error usage for anything but an element, naming the option
ElementSet parse_elements(std::string_view text, std::string_view option);

/// Elements of a composition that are in a set, "Fe,Mn" by atomic number; empty where none is.
std::string found_in(const crystal::Composition& composition, const ElementSet& set);
/// Elements of a set that a composition lacks, in the same way.
std::string missing_from(const crystal::Composition& composition, const ElementSet& set);

} // namespace ionsift::screen
