// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/megnet/featurizer.hpp"

#include "ionsift/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ionsift::megnet {

namespace {

constexpr int most_raises = 10; // METHOD: section 3

Parent with_readout_steps(Parent parent, std::optional<int> steps) {
  if (steps) {
    IONSIFT_VALIDATE(*steps >= 1 && *steps <= 100, usage, fmt::format("{} readout steps", *steps),
                     "set2set repeats at least once", "Give 2, 3, or leave it to the model.");
    parent.weights.readout_v.steps = parent.weights.readout_e.steps = *steps;
  }
  return parent;
}

} // namespace

Featurizer::Featurizer(const Parent& parent, FeaturizerOptions options)
    : parent_(with_readout_steps(parent, options.readout_steps)), options_(std::move(options)),
      converter_(options_.converter.value_or(parent.converter)) {
  IONSIFT_VALIDATE(!options_.representations.empty(), usage, "no representation is requested",
                   "features belong to a representation", "Name at least one of CAMN, CAN, CAMNS, CANS.");
  network(0);
}

Network<float>& Featurizer::network(int raised) {
  auto found = networks_.find(raised);
  if (found == networks_.end()) {
    const auto converter = raised == 0 ? converter_ : converter_.with_cutoff(converter_.cutoff + raised);
    found = networks_.emplace(raised, Network<float>(parent_, converter)).first;
  }
  return found->second;
}

Featurizer::Selection Featurizer::select(const crystal::Crystal& crystal,
                                         crystal::Representation representation) {
  Selection selection{representation, std::vector<bool>(crystal.orbits.size()), {}};
  auto species = crystal::represent(crystal, representation);
  for (std::size_t orbit = 0; orbit < species.size(); ++orbit) {
    selection.keep[orbit] = !species[orbit].empty();
    if (selection.keep[orbit]) {
      selection.species.push_back(std::move(species[orbit]));
    }
  }
  return selection;
}

CrystalFeatures Featurizer::run(const crystal::Crystal& crystal) {
  const TimeBudget budget(options_.max_seconds);
  const auto whole = graph::build_graph(
      crystal, {.cutoff = converter_.cutoff, .max_edges = options_.max_edges, .budget = budget});
  CrystalFeatures features;
  for (const auto representation : options_.representations) {
    features.representations.push_back(
        run_one(crystal, whole, select(crystal, representation), budget, features.warnings));
  }
  return features;
}

RepresentationFeatures Featurizer::run_one(const crystal::Crystal& crystal, const graph::Graph& whole,
                                           const Selection& selection, const TimeBudget& budget,
                                           std::vector<std::string>& warnings) {
  budget.check_now();
  graph::Graph graph = graph::subgraph(whole, selection.keep);
  int raised = 0;
  while (graph.rows() > 0 && graph.edges() == 0 && raised < most_raises) {
    ++raised;
    const auto wider = graph::build_graph(
        crystal, {.cutoff = converter_.cutoff + raised, .max_edges = options_.max_edges, .budget = budget});
    graph = graph::subgraph(wider, selection.keep);
  }
  if (raised > 0) {
    warnings.push_back(fmt::format("cutoff_raised: {} has no neighbours within {} A; {} A was used",
                                   name_of(selection.representation), converter_.cutoff, graph.cutoff));
  }
  note_isolated(graph, selection, warnings);

  auto output = network(raised).run(graph, selection.species, options_.request);
  RepresentationFeatures features;
  features.levels = std::move(output.levels);
  features.prediction = output.prediction;
  features.cutoff = graph.cutoff;
  features.edges = graph.edges();
  features.neighbours_per_site = graph::neighbours_per_site(graph);
  features.orbit = std::move(graph.orbit);
  features.multiplicity = std::move(graph.multiplicity);
  return features;
}

void Featurizer::note_isolated(const graph::Graph& graph, const Selection& selection,
                               std::vector<std::string>& warnings) const {
  if (options_.isolated_atoms == IsolatedAtoms::ignore) {
    return;
  }
  int isolated = 0, sites = 0;
  for (std::size_t row = 0; row < graph.rows(); ++row) {
    sites += graph.multiplicity[row];
    isolated += graph.first_edge[row] == graph.first_edge[row + 1] ? graph.multiplicity[row] : 0;
  }
  if (isolated == 0) {
    return;
  }
  auto text = fmt::format("{} of {} sites of {} have no neighbour within {} A", isolated, sites,
                          name_of(selection.representation), graph.cutoff);
  IONSIFT_VALIDATE(options_.isolated_atoms != IsolatedAtoms::error, data, text,
                   "isolated atoms are set to count as an error",
                   "Leave the structure out, or let isolated atoms be a warning.");
  warnings.push_back("isolated_atoms: " + text);
}

} // namespace ionsift::megnet
