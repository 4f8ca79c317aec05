// SPDX-License-Identifier: BSD-3-Clause
// CAMN, CAN, CAMNS, CANS: the four representations of a crystal that the network can use (METHOD: section 2).
#pragma once

#include "ionsift/crystal/crystal.hpp"

#include <array>
#include <string_view>
#include <vector>

namespace ionsift::crystal {

enum class Representation {
  CAMN,  ///< all atoms
  CAN,   ///< Li removed, also from mixed sites
  CAMNS, ///< Li and the other species by sign: + Al, - S, 0 Mg; occupancies that become equal are added
  CANS,  ///< CAMNS without Li
};

inline constexpr std::array all_representations = {Representation::CAMN, Representation::CAN,
                                                   Representation::CAMNS, Representation::CANS};

std::string_view name_of(Representation representation);
/// @throws Error usage, listing the valid names
Representation representation_of(std::string_view name);

/// The species of every orbit of `crystal` in the representation; an orbit left without any is
/// absent from the representation.
std::vector<std::vector<Species>> represent(const Crystal& crystal, Representation representation);

} // namespace ionsift::crystal
