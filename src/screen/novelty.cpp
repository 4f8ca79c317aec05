// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/screen/novelty.hpp"

#include "ionsift/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace ionsift::screen {

namespace {

/// Nothing where the scale has no place for it.
std::optional<std::vector<dataset::ScaleShare>> place_on_scale(const crystal::Composition& composition) {
  try {
    return dataset::on_pettifor_scale(composition);
  } catch (const Error&) {
    return std::nullopt;
  }
}

} // namespace

std::string composition_key(const crystal::Composition& composition) {
  const auto normalized = composition.normalized();
  std::string key;
  for (const auto& [element, amount] : normalized.amounts()) {
    key += fmt::format("{}:{:.3f} ", element, amount);
  }
  return key;
}

void KnownCompositions::add(const std::string& id, const crystal::Composition& composition) {
  crystal::RoundedComposition rounded(composition);
  const std::string elements = rounded.elements();
  by_elements_[elements].push_back({id, std::move(rounded)});
  if (auto shares = place_on_scale(composition)) {
    on_scale_.push_back({id, composition_key(composition), std::move(*shares)});
  }
  ++size_;
}

std::optional<std::string> KnownCompositions::match(const crystal::Composition& composition) const {
  const crystal::RoundedComposition rounded(composition);
  const auto same_elements = by_elements_.find(rounded.elements());
  if (same_elements == by_elements_.end()) {
    return std::nullopt;
  }
  const Known* closest = nullptr;
  int smallest = 0;
  for (const auto& known : same_elements->second) {
    const int difference = *rounded.difference(known.composition);
    if (crystal::is_within(difference, tolerance_) && (closest == nullptr || difference < smallest)) {
      closest = &known;
      smallest = difference;
    }
  }
  return closest == nullptr ? std::nullopt : std::optional(closest->id);
}

KnownCompositions::NearestComposition
KnownCompositions::nearest(const crystal::Composition& composition) const {
  auto nearest = this->nearest(composition, 1);
  return nearest.empty() ? NearestComposition{"", std::numeric_limits<double>::quiet_NaN()}
                         : std::move(nearest.front());
}

std::vector<KnownCompositions::NearestComposition>
KnownCompositions::nearest(const crystal::Composition& composition, std::size_t count) const {
  struct Found {
    const Place* place;
    double distance;
  };
  std::vector<Found> best; // nearest first, the first added of equally near ones
  const auto shares = place_on_scale(composition);
  for (const auto& place : on_scale_) {
    if (!shares) {
      break;
    }
    const double distance = dataset::element_mover_distance(*shares, place.shares);
    if (best.size() == count && distance >= best.back().distance) {
      continue;
    }
    const auto same =
        std::ranges::find_if(best, [&](const Found& one) { return one.place->key == place.key; });
    if (same != best.end()) {
      if (distance >= same->distance) {
        continue;
      }
      best.erase(same);
    }
    const auto behind = std::ranges::upper_bound(best, distance, {}, &Found::distance);
    best.insert(behind, {&place, distance});
    best.resize(std::min(best.size(), count));
  }
  std::vector<NearestComposition> nearest;
  for (const auto& one : best) {
    nearest.push_back({one.place->id, one.distance});
  }
  return nearest;
}

} // namespace ionsift::screen
