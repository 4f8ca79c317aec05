// SPDX-License-Identifier: BSD-3-Clause
#include "crystal_descriptors.hpp"

#include "ionsift/crystal/atom.hpp"
#include "ionsift/crystal/cell/lattice_reduction.hpp"
#include "ionsift/crystal/chemistry/element.hpp"
#include "ionsift/crystal/symmetry/symmetry.hpp"
#include "ionsift/graph/graph.hpp"

#include "composition_descriptors.hpp"

#include <numbers>

namespace ionsift::dataset {

namespace {

constexpr int lithium = 3;
/// g/cm^3 of one u in a cubic angstrom (CODATA 2018).
constexpr double density_unit = 1.66053906660;
/// Occupancies are given with two to four digits.
constexpr double occupancy_rounding = 1e-3;
constexpr double longest = 5.0;       ///< radius of the neighbour search, angstrom
constexpr double alternatives = 1.5;  ///< angstrom: nearer sites are not occupied together
constexpr double neighbourhood = 4.0; ///< angstrom (METHOD: section 5)

double occupancy_of(const crystal::Orbit& orbit, int atomic_number) {
  double sum = 0;
  for (const auto& species : orbit.species) {
    sum += species.atomic_number == atomic_number ? species.occupancy : 0;
  }
  return sum;
}

double total_occupancy(const crystal::Orbit& orbit) {
  double sum = 0;
  for (const auto& species : orbit.species) {
    sum += species.occupancy;
  }
  return sum;
}

/// An anion by its oxidation state; without oxidation states, the most electronegative element.
bool is_anion(const crystal::Species& species, int anion) {
  return species.oxidation < 0 || species.atomic_number == anion;
}

double entropy_of(const crystal::Orbit& orbit) {
  double entropy = 0;
  const auto add = [&entropy](double share) { entropy -= share > 0 ? share * std::log(share) : 0; };
  for (const auto& species : orbit.species) {
    add(species.occupancy);
  }
  add(1 - total_occupancy(orbit));
  return entropy;
}

} // namespace

void describe_symmetry(const crystal::Crystal& crystal, DescriptorSink& sink) {
  const auto symmetry = crystal.sites.empty() ? crystal::Symmetry{} : crystal::find_symmetry(crystal);
  sink.add("symmetry.space_group", symmetry.space_group);
  sink.add("symmetry.crystal_system", static_cast<double>(symmetry.system));
  sink.add("symmetry.point_group_order", symmetry.point_group_order);
}

void describe_cell(const crystal::Crystal& crystal, DescriptorSink& sink) {
  double atoms = 0;
  double mass = 0;
  double spheres = 0;
  for (const auto& orbit : crystal.orbits) {
    for (const auto& species : orbit.species) {
      const double amount = orbit.multiplicity * species.occupancy;
      const double radius = crystal::covalent_radius(species.atomic_number);
      atoms += amount;
      mass += amount * crystal::atomic_mass(species.atomic_number);
      spheres += amount * 4.0 / 3.0 * std::numbers::pi * radius * radius * radius;
    }
  }
  const double volume = crystal.volume();
  const auto edges = crystal::minkowski_reduced(crystal.lattice).rowwise().norm().eval();
  sink.add("cell.volume_per_atom", volume / atoms);
  sink.add("cell.density", density_unit * mass / volume);
  sink.add("cell.packing", spheres / volume);
  sink.add("cell.second_edge", edges[1] / edges[0]);
  sink.add("cell.third_edge", edges[2] / edges[0]);
}

void describe_disorder(const crystal::Crystal& crystal, DescriptorSink& sink) {
  const int anion = anion_of(crystal.composition());
  double sites = 0, partial = 0, mixed = 0, entropy = 0;
  double lithium_sites = 0, lithium_atoms = 0, anion_sites = 0, mixed_anions = 0;
  for (const auto& orbit : crystal.orbits) {
    const double m = orbit.multiplicity;
    const auto anions = std::count_if(orbit.species.begin(), orbit.species.end(),
                                      [anion](const auto& species) { return is_anion(species, anion); });
    const double occupied_by_lithium = occupancy_of(orbit, lithium);
    sites += m;
    partial += total_occupancy(orbit) < 1 - occupancy_rounding ? m : 0;
    mixed += orbit.species.size() > 1 ? m : 0;
    entropy += m * entropy_of(orbit);
    lithium_sites += occupied_by_lithium > 0 ? m : 0;
    lithium_atoms += m * occupied_by_lithium;
    anion_sites += anions > 0 ? m : 0;
    mixed_anions += anions > 1 ? m : 0;
  }
  sink.add("disorder.partial_sites", partial / sites);
  sink.add("disorder.mixed_sites", mixed / sites);
  sink.add("disorder.lithium_occupancy", lithium_atoms / lithium_sites);
  sink.add("disorder.sites_per_lithium", lithium_sites / lithium_atoms);
  sink.add("disorder.mixed_anion_sites", mixed_anions / anion_sites);
  sink.add("disorder.entropy", entropy / sites);
}

void describe_distances(const crystal::Crystal& crystal, DescriptorSink& sink) {
  const int anion = anion_of(crystal.composition());
  Spread to_lithium, to_anion, neighbours;
  if (!crystal.sites.empty()) {
    graph::GraphOptions options;
    options.cutoff = longest;
    const auto graph = graph::build_graph(crystal, options);
    for (std::size_t row = 0; row < graph.rows(); ++row) {
      const auto& orbit = crystal.orbits[static_cast<std::size_t>(graph.orbit[row])];
      const double weight = graph.multiplicity[row] * occupancy_of(orbit, lithium);
      if (!(weight > 0)) {
        continue;
      }
      double nearest_lithium = longest, nearest_anion = longest, near = 0;
      for (auto e = graph.first_edge[row]; e < graph.first_edge[row + 1]; ++e) {
        const auto edge = static_cast<std::size_t>(e);
        const double distance = graph.distance[edge];
        const auto far = static_cast<std::size_t>(graph.neighbour[edge]);
        const auto& other = crystal.orbits[static_cast<std::size_t>(graph.orbit[far])];
        if (distance < alternatives) {
          continue;
        }
        const double lithium_there = occupancy_of(other, lithium);
        if (lithium_there > 0) {
          nearest_lithium = std::min(nearest_lithium, distance);
          near += distance <= neighbourhood ? graph.count[edge] * lithium_there : 0;
        }
        if (occupancy_of(other, anion) > 0) {
          nearest_anion = std::min(nearest_anion, distance);
        }
      }
      to_lithium.add(nearest_lithium, weight);
      to_anion.add(nearest_anion, weight);
      neighbours.add(near, weight);
    }
  }
  sink.add("distances.lithium.mean", to_lithium.mean());
  sink.add("distances.lithium.min", to_lithium.least());
  sink.add("distances.anion.mean", to_anion.mean());
  sink.add("distances.anion.min", to_anion.least());
  sink.add("distances.lithium_within_4A", neighbours.mean());
}

} // namespace ionsift::dataset
