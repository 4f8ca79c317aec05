// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/descriptors/lithium_paths.hpp"

#include "percolation.hpp"
#include "site_energy.hpp"

#include <algorithm>
#include <cmath>

namespace ionsift::dataset {

LithiumPaths find_lithium_paths(const crystal::Crystal& crystal, const PathOptions& options) {
  const auto energies = site_energies(crystal, options);
  LithiumPaths paths;
  paths.lowest_energy = *std::ranges::min_element(energies.value);
  const auto levels =
      percolation_levels(energies.value, energies.points, paths.lowest_energy + options.highest);
  for (std::size_t k = 0; k < levels.size(); ++k) {
    paths.barrier[k] = std::min(levels[k] - paths.lowest_energy, options.highest);
  }
  const auto within = std::ranges::count_if(
      energies.value, [&](double energy) { return energy <= paths.lowest_energy + options.accessible; });
  paths.accessible_volume = static_cast<double>(within) / static_cast<double>(energies.value.size());

  auto distances = free_distances(crystal, options);
  std::ranges::transform(distances.value, distances.value.begin(), std::negate<>());
  const auto narrowest = percolation_levels(distances.value, distances.points, 0);
  paths.free_sphere_radius = std::isfinite(narrowest[0]) ? -narrowest[0] : 0;
  return paths;
}

} // namespace ionsift::dataset
