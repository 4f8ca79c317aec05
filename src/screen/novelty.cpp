#include "ionsift/screen/novelty.hpp"

#include <utility>

namespace ionsift::screen {

void KnownCompositions::add(const std::string& id, const crystal::Composition& composition) {
  crystal::RoundedComposition rounded(composition);
  const std::string elements = rounded.elements();
  by_elements_[elements].push_back({id, std::move(rounded)});
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

} // namespace ionsift::screen
