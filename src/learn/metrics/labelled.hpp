// SPDX-License-Identifier: BSD-3-Clause
// Checks of the arguments of scores, their intervals and controls.
#pragma once

#include "ionsift/base/error.hpp"

#include <algorithm>
#include <span>

namespace ionsift::learn {

/// @throws Error data unless there is at least one label and all are 0 or 1
inline void require_classes(std::span<const int> label) {
  IONSIFT_VALIDATE(!label.empty(), data, "nothing to score", "no structure is labelled",
                   "Give at least one labelled structure.");
  IONSIFT_VALIDATE(std::all_of(label.begin(), label.end(), [](int l) { return l == 0 || l == 1; }), data,
                   "a label is neither 0 nor 1", "scores are of two classes", "Check the labels.");
}

/// @throws Error data also unless there are as many probabilities, all in [0, 1]
inline void require_labelled(std::span<const int> label, std::span<const double> probability) {
  require_classes(label);
  IONSIFT_VALIDATE(label.size() == probability.size(), data,
                   fmt::format("{} labels and {} probabilities", label.size(), probability.size()),
                   "each structure has one of both", "Give lists of the same length.");
  IONSIFT_VALIDATE(
      std::all_of(probability.begin(), probability.end(), [](double p) { return p >= 0 && p <= 1; }), data,
      "a probability is outside [0, 1] or not a number", "it cannot be scored",
      "Check the members of the ensemble.");
}

} // namespace ionsift::learn
