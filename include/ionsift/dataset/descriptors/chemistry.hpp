// SPDX-License-Identifier: BSD-3-Clause
// Chemical families of compositions.
#pragma once

#include "ionsift/crystal/chemistry/composition.hpp"

#include <string>

namespace ionsift::dataset {

/// Majority anion and main cation of a composition, "O-Ti", "Q-P" (Q: S, Se, Te), "X-*" (X: Cl, Br, I).
///
/// The majority anion is the class O, F, Q, X, N or H with the most atoms; if none occurs, P
/// (P, As, Sb), then C. The main cation is the element other than lithium with the most atoms that is not an
/// anion; of halides, nitrides, hydrides and pnictides all cations count as one, "*", since the measured ones
/// are few. "-" stands for a missing part.
std::string chemistry_of(const crystal::Composition& composition);

/// The anion class alone: the part of `chemistry_of` before the "-".
std::string anion_class_of(const crystal::Composition& composition);

/// A chemist's ranking without a model: compounds with more S, Se or halogen than O come first (1 is
/// added), among these, and among the others, those with the larger share of lithium.
double rule_of_thumb(const crystal::Composition& composition);

} // namespace ionsift::dataset
