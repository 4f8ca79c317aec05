#include "ionsift/screen/novelty.hpp"

#include "ionsift/base/error.hpp"

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

void KnownCompositions::add(const std::string& id, const crystal::Composition& composition) {
  crystal::RoundedComposition rounded(composition);
  const std::string elements = rounded.elements();
  by_elements_[elements].push_back({id, std::move(rounded)});
  if (auto shares = place_on_scale(composition)) {
    on_scale_.push_back({id, std::move(*shares)});
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
  NearestComposition nearest{"", std::numeric_limits<double>::quiet_NaN()};
  const auto shares = place_on_scale(composition);
  if (!shares) {
    return nearest;
  }
  const Place* best = nullptr;
  double smallest = std::numeric_limits<double>::infinity();
  for (const auto& place : on_scale_) {
    const double distance = dataset::element_mover_distance(*shares, place.shares);
    if (distance < smallest) {
      smallest = distance;
      best = &place;
    }
  }
  return best == nullptr ? nearest : NearestComposition{best->id, smallest};
}

} // namespace ionsift::screen
