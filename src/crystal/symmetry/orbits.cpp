// SPDX-License-Identifier: BSD-3-Clause
#include "orbits.hpp"

#include "ionsift/crystal/symmetry/graph_orbits.hpp"

#include "environments.hpp"
#include "spglib_dataset.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

namespace ionsift::crystal {

namespace {

/// Largest search; one that takes seconds and gigabytes costs more than it saves.
constexpr double most_neighbours = 2e7;

double expected_neighbours(const Crystal& crystal, double radius) {
  const auto sites = static_cast<double>(crystal.sites.size());
  const double sphere = 4.0 / 3.0 * std::numbers::pi * std::pow(radius, 3);
  return sites * sites * std::max(1.0, sphere / crystal.volume());
}

void regroup(Crystal& crystal, const std::vector<int>& classes) {
  std::map<int, int> orbit_of_class;
  std::vector<Orbit> orbits;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const auto [entry, is_new] = orbit_of_class.try_emplace(classes[i], static_cast<int>(orbits.size()));
    if (is_new) {
      Orbit orbit = crystal.orbits[static_cast<std::size_t>(crystal.sites[i].orbit)];
      orbit.representative = static_cast<int>(i);
      orbit.multiplicity = 0;
      orbits.push_back(std::move(orbit));
    }
    ++orbits[static_cast<std::size_t>(entry->second)].multiplicity;
    crystal.sites[i].orbit = entry->second;
  }
  crystal.orbits = std::move(orbits);
}

} // namespace

std::vector<int> species_classes(const Crystal& crystal) {
  std::vector<const std::vector<Species>*> known;
  std::vector<int> classes;
  for (const Site& site : crystal.sites) {
    const std::vector<Species>& species = crystal.orbits[static_cast<std::size_t>(site.orbit)].species;
    const auto found = std::ranges::find_if(known, [&](const auto* other) { return *other == species; });
    classes.push_back(static_cast<int>(found - known.begin()));
    if (found == known.end()) {
      known.push_back(&species);
    }
  }
  return classes;
}

std::vector<int> spglib_orbits(const Crystal& crystal, double tolerance) {
  const auto dataset = spglib_dataset(crystal, species_classes(crystal), tolerance);
  if (dataset == nullptr) {
    return {};
  }
  const auto n = crystal.sites.size();
  return {dataset->crystallographic_orbits, dataset->crystallographic_orbits + n};
}

void find_orbits(Crystal& crystal, const ReadOptions& options, const TimeBudget& budget) {
  if (options.orbit_search == OrbitSearch::none) {
    return;
  }
  const bool is_small = expected_neighbours(crystal, EnvironmentReach{}.radius) <= most_neighbours;
  const EnvironmentReach reach = is_small ? reach_of(crystal, usual_cutoff) : EnvironmentReach{};
  if (!is_small || expected_neighbours(crystal, reach.radius) > most_neighbours) {
    crystal.warnings.emplace_back("orbit_search_skipped: the cell is too large; every site is its own orbit");
    return;
  }
  budget.check();
  const bool asks_spglib = options.orbit_search == OrbitSearch::spglib;
  const std::vector<int> proposed =
      asks_spglib ? spglib_orbits(crystal, options.symmetry_tolerance) : species_classes(crystal);
  if (proposed.empty()) {
    crystal.warnings.emplace_back("symmetry_search_failed: spglib gave up; every site is its own orbit");
    return;
  }
  regroup(crystal, equal_environments(crystal, proposed, budget, reach));
  crystal.orbit_source = asks_spglib ? OrbitSource::spglib : OrbitSource::environments;
}

void refine_orbits(Crystal& crystal, double cutoff, const TimeBudget& budget) {
  const bool by_surroundings =
      crystal.orbit_source == OrbitSource::environments || crystal.orbit_source == OrbitSource::spglib;
  if (!by_surroundings || cutoff <= usual_cutoff) {
    return;
  }
  const EnvironmentReach reach = reach_of(crystal, cutoff);
  if (expected_neighbours(crystal, reach.radius) > most_neighbours) {
    crystal = without_symmetry(crystal);
    crystal.warnings.emplace_back("orbit_search_skipped: the cell is too large; every site is its own orbit");
    return;
  }
  std::vector<int> classes;
  for (const Site& site : crystal.sites) {
    classes.push_back(site.orbit);
  }
  regroup(crystal, equal_environments(crystal, classes, budget, reach));
}

} // namespace ionsift::crystal
