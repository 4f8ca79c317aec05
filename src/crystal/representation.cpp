// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/representation.hpp"

#include "ionsift/base/enum_names.hpp"
#include "ionsift/base/error.hpp"

#include <algorithm>

namespace ionsift::crystal {

namespace {

constexpr int lithium = 3;
constexpr int stand_in_for_cations = 13; // Al
constexpr int stand_in_for_anions = 16;  // S
constexpr int stand_in_for_neutral = 12; // Mg

bool keeps_lithium(Representation representation) {
  return representation == Representation::CAMN || representation == Representation::CAMNS;
}

bool shows_signs(Representation representation) {
  return representation == Representation::CAMNS || representation == Representation::CANS;
}

Species by_sign(const Species& species) {
  if (species.oxidation > 0) {
    return {stand_in_for_cations, species.occupancy, 1.0};
  }
  if (species.oxidation < 0) {
    return {stand_in_for_anions, species.occupancy, -1.0};
  }
  return {stand_in_for_neutral, species.occupancy, 0.0};
}

std::vector<Species> represent(const std::vector<Species>& species, Representation representation) {
  std::vector<Species> shown;
  for (const Species& original : species) {
    const bool is_lithium = original.atomic_number == lithium;
    if (is_lithium && !keeps_lithium(representation)) {
      continue;
    }
    const Species next = shows_signs(representation) && !is_lithium ? by_sign(original) : original;
    const auto same = std::ranges::find_if(shown, [&](const Species& known) {
      return known.atomic_number == next.atomic_number && known.oxidation == next.oxidation;
    });
    if (same == shown.end()) {
      shown.push_back(next);
    } else {
      same->occupancy += next.occupancy;
    }
  }
  std::ranges::sort(shown, {}, &Species::atomic_number);
  return shown;
}

constexpr auto representation_names = enum_names<Representation>({{Representation::CAMN, "CAMN"},
                                                                  {Representation::CAN, "CAN"},
                                                                  {Representation::CAMNS, "CAMNS"},
                                                                  {Representation::CANS, "CANS"}});

} // namespace

std::string_view name_of(Representation representation) {
  return representation_names.name(representation);
}

Representation representation_of(std::string_view name) {
  return representation_names.parse(name, "representation");
}

std::vector<std::vector<Species>> represent(const Crystal& crystal, Representation representation) {
  std::vector<std::vector<Species>> shown;
  shown.reserve(crystal.orbits.size());
  for (const Orbit& orbit : crystal.orbits) {
    shown.push_back(represent(orbit.species, representation));
  }
  return shown;
}

} // namespace ionsift::crystal
