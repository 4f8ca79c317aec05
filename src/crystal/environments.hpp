// Which sites of a crystal have equal surroundings.
#pragma once

#include "ionsift/base/time_budget.hpp"
#include "ionsift/crystal/crystal.hpp"

#include <vector>

namespace ionsift::crystal {

/// How far an environment reaches, angstrom.
inline constexpr double environment_radius = 6.0;

/// Refines a partition of the sites until the members of each class have equal environments: up to 6 angstrom
/// they have equally many neighbours of each class, at distances that agree within 5e-6 angstrom and lie on
/// the same side of every whole angstrom from 4 on, where graphs are cut. What a network on a graph of
/// neighbours computes for the members is then the same, since it sees nothing but classes and distances.
/// @param classes one name for each site; equal names may be the same
/// @return for each site the first site of its class
/// @throws Error limit when the budget is used up
std::vector<int> equal_environments(const Crystal& crystal, const std::vector<int>& classes,
                                    const TimeBudget& budget = {});

} // namespace ionsift::crystal
