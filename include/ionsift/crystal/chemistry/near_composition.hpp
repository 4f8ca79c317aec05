// SPDX-License-Identifier: BSD-3-Clause
// Comparison of compositions within a tolerance (METHOD: section 6).
#pragma once

#include "ionsift/crystal/chemistry/composition.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ionsift::crystal {

/// A composition as its elements and their atomic fractions in whole thousandths. Rounding is part of the
/// rule, so that a difference of exactly the tolerance is within it.
class RoundedComposition {
public:
  explicit RoundedComposition(const Composition& composition);

  const std::string& elements() const { return elements_; } ///< "Cl-Li"
  /// Largest difference of an element's fraction, in thousandths; nothing if the elements differ.
  ///
  std::optional<int> difference(const RoundedComposition& other) const;

private:
  std::string elements_;
  std::vector<int> thousandths_; ///< by ascending atomic number
};

/// Whether a difference in thousandths is within a tolerance of atomic fractions, bound included.
bool is_within(int difference, double tolerance);

/// Whether two compositions are unlikely to describe one compound: an element that makes up at least 5 % of
/// the atoms of one is absent from the other, or its atomic fractions differ by more than 0.1. Hydrogen,
/// which structures often omit, is ignored.
bool contradict(const Composition& first, const Composition& second);

} // namespace ionsift::crystal
