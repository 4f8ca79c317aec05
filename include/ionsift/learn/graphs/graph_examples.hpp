// SPDX-License-Identifier: BSD-3-Clause
// Crystal graphs for the training of a parent.
#pragma once

#include "ionsift/crystal/source/source.hpp"
#include "ionsift/megnet/featurizer.hpp"
#include "ionsift/parallel/communicator.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace ionsift::learn {

/// Graphs of many structures in flat arrays; rows are symmetry-distinct sites (graph::Graph).
struct GraphExamples {
  static constexpr std::size_t taught_columns = 96; ///< V1, V2, V3

  std::vector<std::string> id;                   ///< [n]
  std::vector<std::int32_t> representation;      ///< [n] crystal::Representation
  std::vector<double> target;                    ///< [n] target of the prediction
  std::vector<std::int64_t> first_row = {0};     ///< [n + 1]
  std::vector<std::int32_t> multiplicity;        ///< [rows]
  std::vector<std::int64_t> first_edge = {0};    ///< [rows + 1]
  std::vector<std::int32_t> neighbour;           ///< [edges] row within the structure
  std::vector<float> distance;                   ///< [edges] angstrom
  std::vector<std::int32_t> count;               ///< [edges]
  std::vector<std::int64_t> first_species = {0}; ///< [rows + 1]
  std::vector<std::int32_t> element;             ///< [species]
  std::vector<float> occupancy;                  ///< [species]
  std::vector<float> taught; ///< [rows x 96] a teacher's V1, V2, V3; empty without a teacher

  std::size_t size() const { return id.size(); }
  std::int64_t edges(std::size_t example) const {
    return first_edge[static_cast<std::size_t>(first_row[example + 1])] -
           first_edge[static_cast<std::size_t>(first_row[example])];
  }
  void add(std::string name, crystal::Representation shown, const graph::Graph& graph,
           std::span<const std::vector<crystal::Species>> species, double value);
  /// Copies in another order, or a part.
  GraphExamples select(std::span<const std::size_t> positions) const;
  /// Those of all ranks, one rank's after the other's, on every rank; collective.
  GraphExamples gather(const parallel::Communicator& comm) const;
  graph::Graph graph(std::size_t example, double cutoff) const;
  std::vector<std::vector<crystal::Species>> species(std::size_t example) const;
  /// SHA-256 of everything.
  std::string fingerprint() const;
  /// Atomic numbers that occur in these positions, ascending.
  std::vector<int> elements(std::span<const std::size_t> positions) const;
};

using Targets = std::unordered_map<std::string, double>; ///< targets by id

struct ExampleOptions {
  std::vector<std::filesystem::path> inputs;
  crystal::SourceOptions source;
  crystal::ReadOptions read;
  std::vector<crystal::Representation> representations = {crystal::Representation::CAMN};
  megnet::GraphConverter converter = megnet::GraphConverter::study();
  std::size_t max_edges = 200'000; ///< neighbours of all rows; structures with more are failures
};

struct ExampleSet {
  GraphExamples examples; ///< graphs in the order of the inputs
  std::vector<crystal::Failure> failures;
  std::uint64_t structures = 0;
  std::uint64_t unlabelled = 0;    ///< structures without a target
  std::uint64_t repeated = 0;      ///< structures that repeat an earlier id; omitted
  std::uint64_t without_edges = 0; ///< structures without a neighbour within the cutoff
  crystal::SourceNotes source;     ///< what else the inputs held
};

/// Reads structures and makes their graphs, on all ranks; collective, the same on every rank. Memory: 12
/// bytes an edge, 24 a row (and 384 with a teacher), about 10 kB for a structure of 25 sites.
/// @param targets null: every structure is taken, for the teacher
/// @param teacher fills `taught` and the target with its outputs for each structure; may be null
/// @throws Error missing for an input that does not exist, usage without targets and teacher
ExampleSet read_examples(const parallel::Communicator& comm, const ExampleOptions& options,
                         const Targets* targets, const megnet::Parent* teacher);

} // namespace ionsift::learn
