// SPDX-License-Identifier: BSD-3-Clause
// Graphs of made-up crystals to train on.
#pragma once

#include "ionsift/graph/graph.hpp"
#include "ionsift/learn/graphs/graph_examples.hpp"
#include "ionsift/megnet/network.hpp"

#include "crystals.hpp"

#include <string>
#include <vector>

namespace ionsift::test {

struct MadeGraph {
  graph::Graph graph;
  std::vector<std::vector<crystal::Species>> species;
};

/// With distances stored as in examples, in float.
inline MadeGraph make_graph(const crystal::Crystal& crystal, double cutoff) {
  MadeGraph made{graph::build_graph(crystal, {.cutoff = cutoff}), {}};
  for (auto& distance : made.graph.distance) {
    distance = static_cast<double>(static_cast<float>(distance));
  }
  for (const auto& orbit : crystal.orbits) {
    made.species.push_back(orbit.species);
  }
  return made;
}

/// Rock salts, cells of random sites with some partial occupancies, and one with a site far from all others.
inline std::vector<crystal::Crystal> made_crystals(int random_cells, std::uint64_t seed) {
  RandomStream random(seed);
  std::vector<crystal::Crystal> crystals = {rock_salt(3, 9, 4.02), rock_salt(11, 17, 5.64),
                                            rock_salt(12, 8, 4.21)};
  Eigen::Matrix3d long_cell = Eigen::Matrix3d::Identity() * 12;
  long_cell(2, 2) = 25;
  crystals.push_back(make_crystal(
      long_cell, {{{3, {0, 0, 0}}}, {{8, {0.2, 0, 0}}}, {{16, {0.5, 0.5, 0.5}}}})); // the last is isolated
  for (int i = 0; i < random_cells; ++i) {
    auto cell = random_crystal(random, 2 + static_cast<int>(random.below(4)), 4.0, 6.0);
    cell.orbits[0].species = {{3, 0.5, 1.0}, {11, 0.25, 1.0}};
    crystals.push_back(std::move(cell));
  }
  return crystals;
}

/// Named s0, s1, ...; the target is a smooth function of the species.
inline learn::GraphExamples made_examples(const std::vector<crystal::Crystal>& crystals, double cutoff) {
  learn::GraphExamples examples;
  for (std::size_t i = 0; i < crystals.size(); ++i) {
    const auto made = make_graph(crystals[i], cutoff);
    double number = 0, sites = 0;
    for (const auto& orbit : crystals[i].orbits) {
      sites += orbit.multiplicity;
      for (const auto& one : orbit.species) {
        number += orbit.multiplicity * one.occupancy * one.atomic_number;
      }
    }
    examples.add("s" + std::to_string(i), crystal::Representation::CAMN, made.graph, made.species,
                 -3 + 0.1 * number / sites);
  }
  return examples;
}

} // namespace ionsift::test
