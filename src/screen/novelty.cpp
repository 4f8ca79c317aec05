#include "ionsift/screen/novelty.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace ionsift::screen {

namespace {

/// Whole thousandths, so that a difference of exactly 0.05 is told from one just above.
std::vector<int> thousandths_of(const crystal::Composition& composition) {
  const double total = composition.total();
  std::vector<int> thousandths;
  thousandths.reserve(composition.amounts().size());
  for (const auto& [element, amount] : composition.amounts()) {
    thousandths.push_back(static_cast<int>(std::nearbyint(1000.0 * amount / total)));
  }
  return thousandths;
}

int largest_difference(const std::vector<int>& a, const std::vector<int>& b) {
  int largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    largest = std::max(largest, std::abs(a[i] - b[i]));
  }
  return largest;
}

} // namespace

void KnownCompositions::add(const std::string& id, const crystal::Composition& composition) {
  by_elements_[composition.chemical_system()].push_back({id, thousandths_of(composition)});
  ++size_;
}

std::optional<std::string> KnownCompositions::match(const crystal::Composition& composition) const {
  const auto same_elements = by_elements_.find(composition.chemical_system());
  if (same_elements == by_elements_.end()) {
    return std::nullopt;
  }
  const auto thousandths = thousandths_of(composition);
  const Known* closest = nullptr;
  int smallest = 0;
  for (const auto& known : same_elements->second) {
    const int difference = largest_difference(thousandths, known.thousandths);
    // 1e-9: the product need not be a whole number where the tolerance is one of thousandths.
    if (difference <= 1000.0 * tolerance_ + 1e-9 && (closest == nullptr || difference < smallest)) {
      closest = &known;
      smallest = difference;
    }
  }
  return closest == nullptr ? std::nullopt : std::optional(closest->id);
}

} // namespace ionsift::screen
