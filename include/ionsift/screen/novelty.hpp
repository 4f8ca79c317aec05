// SPDX-License-Identifier: BSD-3-Clause
// Is a composition new, or nearly one that was trained on?
#pragma once

#include "ionsift/crystal/chemistry/near_composition.hpp"
#include "ionsift/dataset/pairs/element_mover.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ionsift::screen {

/// The same text for formulas of one composition: elements with their atomic fractions to three decimals.
std::string composition_key(const crystal::Composition& composition);

/// A composition is known when a training composition has the same elements and every atomic fraction,
/// rounded to three decimals, within `tolerance`, bound included (METHOD: section 6).
class KnownCompositions {
public:
  explicit KnownCompositions(double tolerance = 0.05) : tolerance_(tolerance) {}
  void add(const std::string& id, const crystal::Composition& composition);
  /// Id of the closest training entry that makes it known (smallest largest difference, the first added of
  /// equally close ones), or nothing.
  std::optional<std::string> match(const crystal::Composition& composition) const;
  /// The training entry at the smallest element-mover distance, the first added of equally near ones; NaN
  /// where there is none, or where an element has no place on the modified Pettifor scale.
  struct NearestComposition {
    std::string id;
    double distance;
  };
  NearestComposition nearest(const crystal::Composition& composition) const;
  /// The nearest ones, at most `count`, that are different compositions, nearest first.
  std::vector<NearestComposition> nearest(const crystal::Composition& composition, std::size_t count) const;
  std::size_t size() const { return size_; }

private:
  struct Known {
    std::string id;
    crystal::RoundedComposition composition;
  };
  double tolerance_;
  std::size_t size_ = 0;
  std::unordered_map<std::string, std::vector<Known>> by_elements_; ///< key: chemical system
  struct Place {
    std::string id, key;
    std::vector<dataset::ScaleShare> shares;
  };
  std::vector<Place> on_scale_;
};

} // namespace ionsift::screen
