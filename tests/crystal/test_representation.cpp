// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/crystal/representation.hpp"

#include "cif_text.hpp"

using namespace ionsift;
using namespace ionsift::crystal;
using namespace ionsift::test;

namespace {

/// Orbits: mixed Li/Na, mixed P5+/Si4+, mixed O2-/S2-, a neutral one, pure Li.
Crystal mixed_crystal() {
  Crystal crystal;
  crystal.orbits = {{"M", {{3, 0.6, 1}, {11, 0.3, 1}}, 0, 1},
                    {"T", {{14, 0.25, 4}, {15, 0.75, 5}}, 1, 1},
                    {"X", {{8, 0.5, -2}, {13, 0.2, 3}, {16, 0.25, -2}}, 2, 1},
                    {"N", {{26, 1.0, 0}}, 3, 1},
                    {"Li", {{3, 0.5, 1}}, 4, 1}};
  return crystal;
}

using Shown = std::vector<std::pair<int, double>>;

Shown shown(const std::vector<Species>& species) {
  Shown pairs;
  for (const Species& one : species) {
    pairs.emplace_back(one.atomic_number, one.occupancy);
  }
  return pairs;
}

} // namespace

TEST_CASE("CAMN shows all atoms, CAN all but lithium") {
  const Crystal crystal = mixed_crystal();
  const auto all = represent(crystal, Representation::CAMN);
  const auto rest = represent(crystal, Representation::CAN);
  REQUIRE(all.size() == 5);
  CHECK(shown(all[0]) == Shown{{3, 0.6}, {11, 0.3}});
  CHECK(shown(rest[0]) == Shown{{11, 0.3}});
  CHECK(shown(rest[2]) == Shown{{8, 0.5}, {13, 0.2}, {16, 0.25}});
  CHECK(rest[4].empty());
}

TEST_CASE("CAMNS shows lithium and signs, CANS signs only") {
  const Crystal crystal = mixed_crystal();
  const auto all = represent(crystal, Representation::CAMNS);
  const auto rest = represent(crystal, Representation::CANS);
  CHECK(shown(all[0]) == Shown{{3, 0.6}, {13, 0.3}});
  CHECK(shown(all[1]) == Shown{{13, 1.0}});
  CHECK(shown(all[2]) == Shown{{13, 0.2}, {16, 0.75}});
  CHECK(shown(all[3]) == Shown{{12, 1.0}});
  CHECK(shown(all[4]) == Shown{{3, 0.5}});
  CHECK(shown(rest[0]) == Shown{{13, 0.3}});
  CHECK(rest[4].empty());
}

TEST_CASE("Names of the representations") {
  for (const Representation representation : all_representations) {
    CHECK(representation_of(name_of(representation)) == representation);
  }
  CHECK_THROWS_AS(representation_of("camn"), Error);
}
