// SPDX-License-Identifier: BSD-3-Clause
// Checks that a structure that was read is finite, consistent and printable.
#pragma once

#include "ionsift/base/text.hpp"
#include "ionsift/crystal/read/read.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

namespace ionsift::test {

inline bool is_sound_text(const std::string& text) {
  return valid_utf8(text) == text;
}

/// The flaw of a failure; empty if there is none.
inline std::string flaw_of(const crystal::Failure& failure) {
  if (failure.code == ErrorCode::internal) {
    return "an internal error: " + failure.message;
  }
  if (failure.source.empty() || failure.message.empty()) {
    return "a failure without a place or a reason";
  }
  // "PROBLEM (WHY) SUGGESTION"
  if (failure.message.find(") ") == std::string::npos || !failure.message.ends_with('.')) {
    return "a failure without a remedy: " + failure.message;
  }
  const bool sound =
      is_sound_text(failure.source) && is_sound_text(failure.block) && is_sound_text(failure.message);
  return sound ? "" : "a failure whose text is no UTF-8";
}

inline std::string flaw_of(const crystal::Orbit& orbit, std::size_t sites) {
  double sum = 0;
  for (const auto& species : orbit.species) {
    const bool sound = species.atomic_number >= 1 && species.atomic_number <= 103 && species.occupancy > 0 &&
                       species.occupancy <= 1 && std::isfinite(species.oxidation);
    if (!sound) {
      return fmt::format("a species of element {}, occupancy {}, oxidation {}", species.atomic_number,
                         species.occupancy, species.oxidation);
    }
    sum += species.occupancy;
  }
  if (orbit.species.empty() || !(sum <= 1 + 1e-9)) {
    return fmt::format("occupancies that sum to {}", sum);
  }
  const bool consistent = orbit.representative >= 0 &&
                          static_cast<std::size_t>(orbit.representative) < sites && orbit.multiplicity > 0;
  return consistent && is_sound_text(orbit.label) ? "" : "an orbit that is not consistent";
}

/// The flaw of a crystal; empty if there is none.
inline std::string flaw_of(const crystal::Crystal& crystal) {
  if (!crystal.lattice.allFinite() || !(crystal.volume() > 0)) {
    return fmt::format("a volume of {}", crystal.volume());
  }
  if (!std::isfinite(crystal.residual_charge)) {
    return fmt::format("a residual charge of {}", crystal.residual_charge);
  }
  std::vector<int> multiplicity(crystal.orbits.size(), 0);
  for (const auto& site : crystal.sites) {
    const auto& x = site.fractional;
    if (!x.allFinite() || x.minCoeff() < 0 || x.maxCoeff() >= 1) {
      return fmt::format("a site at {}, {}, {}", x(0), x(1), x(2));
    }
    if (site.orbit < 0 || static_cast<std::size_t>(site.orbit) >= multiplicity.size()) {
      return "a site without an orbit";
    }
    ++multiplicity[static_cast<std::size_t>(site.orbit)];
  }
  for (std::size_t i = 0; i < crystal.orbits.size(); ++i) {
    if (const auto flaw = flaw_of(crystal.orbits[i], crystal.sites.size()); !flaw.empty()) {
      return flaw;
    }
    if (crystal.orbits[i].multiplicity != multiplicity[i]) {
      return "an orbit with another multiplicity than it has sites";
    }
  }
  for (const auto& warning : crystal.warnings) {
    if (!is_sound_text(warning)) {
      return "a warning that is no UTF-8";
    }
  }
  const bool named =
      is_sound_text(crystal.id) && is_sound_text(crystal.source) && is_sound_text(crystal.block);
  return crystal.sites.empty() ? "no sites" : named ? "" : "a name that is no UTF-8";
}

} // namespace ionsift::test
