// SPDX-License-Identifier: BSD-3-Clause
// Features of several representations of a crystal.
#pragma once

#include "ionsift/crystal/representation.hpp"
#include "ionsift/megnet/network.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ionsift::megnet {

/// Treatment of sites without a neighbour within the cutoff when other sites have some.
enum class IsolatedAtoms { ignore, warn, error };

struct FeaturizerOptions {
  std::vector<crystal::Representation> representations = {crystal::Representation::CAMNS};
  Request request = {};
  std::optional<GraphConverter> converter = {}; ///< the parent's own by default
  std::optional<int> readout_steps = {}; ///< T of the prediction's set2set; the parent's own by default
  IsolatedAtoms isolated_atoms = IsolatedAtoms::warn;
  std::size_t max_edges = 20'000'000;
  double max_seconds = 600; ///< limit of processor time for one crystal
};

/// Features of one representation of one crystal.
struct RepresentationFeatures {
  std::vector<int> orbit;              ///< [rows] index of the crystal's orbit
  std::vector<int> multiplicity;       ///< [rows]
  std::array<Matrix<float>, 4> levels; ///< [rows x 16 or 32]
  std::optional<double> prediction;
  double cutoff = 0;              ///< cutoff used; larger than requested if there was no edge
  std::size_t edges = 0;          ///< distinct edges of the rows, as used by the network
  double neighbours_per_site = 0; ///< mean over the sites
};

struct CrystalFeatures {
  std::vector<RepresentationFeatures> representations; ///< in the order of the options
  std::vector<std::string> warnings;                   ///< "isolated_atoms: ...", "cutoff_raised: ..."
};

/// Holds a network and its work space; one a thread.
class Featurizer {
public:
  /// @throws Error usage (no representation, a converter that does not fit the network)
  Featurizer(const Parent& parent, FeaturizerOptions options);
  /// One neighbour search serves all representations. A representation without any site left (CAN of pure
  /// lithium) has 0 rows. Without any edge inside the cutoff, cutoff and centres grow by 1 A at a time, up to
  /// ten times.
  /// @throws Error, of code limit for too many edges or when the time limit is reached
  CrystalFeatures run(const crystal::Crystal& crystal);

  const GraphConverter& converter() const { return converter_; }
  const FeaturizerOptions& options() const { return options_; }

private:
  /// Sites of one representation and their species, row by row.
  struct Selection {
    crystal::Representation representation;
    std::vector<bool> keep; ///< [orbits]
    std::vector<std::vector<crystal::Species>> species;
  };
  static Selection select(const crystal::Crystal& crystal, crystal::Representation representation);
  RepresentationFeatures run_one(const crystal::Crystal& crystal, const graph::Graph& whole,
                                 const Selection& selection, const TimeBudget& budget,
                                 std::vector<std::string>& warnings);
  void note_isolated(const graph::Graph& graph, const Selection& selection,
                     std::vector<std::string>& warnings) const;
  /// The network for a cutoff raised by this many angstrom, created on first use.
  Network<float>& network(int raised);

  Parent parent_;
  FeaturizerOptions options_;
  GraphConverter converter_;
  std::map<int, Network<float>> networks_;
};

} // namespace ionsift::megnet
