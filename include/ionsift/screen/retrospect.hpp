// SPDX-License-Identifier: BSD-3-Clause
// A screening of today's candidates with what was known before, held against what has been found since.
#pragma once

#include "ionsift/dataset/features/feature_set.hpp"
#include "ionsift/dataset/labels/known_compounds.hpp"
#include "ionsift/learn/ensemble/ensemble.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/screen/recovery.hpp"

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ionsift::screen {

/// What is held back: everything measured after a year, or a whole chemistry.
struct Scenario {
  std::string name; ///< "2010", "Q-P"
  int year = 0;     ///< 0: a chemistry is held back
  std::string chemistry;

  /// Whether a label belongs to what was known. A label without a year, or without a chemistry, does not.
  bool trains_on(const dataset::MeasuredWhen& when) const;
  /// What became of a candidate; nothing where it was known already, or where it is not said when it was
  /// measured: it has no place in the ranking. @param known nullptr: nobody has measured it
  std::optional<Outcome> outcome_of(const dataset::KnownCompound* known) const;
};

/// Structures of one composition: one candidate of a ranking.
struct CandidateComposition {
  std::string formula;                   ///< formula of the first
  std::vector<std::uint64_t> structures; ///< positions in the store
  crystal::Composition composition;
};

/// Candidates by composition (atomic fractions to three decimals) in the order of the store, without
/// intermetallics and without compounds that have no anion former; the same on every rank.
struct CandidatePool {
  std::vector<std::string> id; ///< [structures of the store]
  std::vector<CandidateComposition> compositions;
  std::size_t intermetallic = 0, without_anion = 0; ///< structures left out
};
CandidatePool pool_candidates(const store::Reader& store);

/// One way to order candidates. @see Recovery
struct Ranking {
  std::string name;
  std::vector<double> score; ///< [compositions of the pool], larger is better, NaN if undefined
};

/// What an ensemble looks at of the structures of a pool: this rank's share, read once for all scenarios.
struct CandidateFeatures {
  std::vector<dataset::FeatureSet> chunks;
  std::vector<std::uint64_t> structure; ///< position in the store, chunk after chunk
  std::vector<std::uint8_t> empty;      ///< without atoms in the representation
};
CandidateFeatures read_candidates(const parallel::Communicator& comm, const store::Reader& store,
                                  const CandidatePool& pool, const dataset::Content& content);

/// P_SI of the ensemble, and that of each of its configurations alone where there are several; of a
/// composition that of its best structure. Collective; complete on rank 0.
std::vector<Ranking> rank_by_ensemble(const parallel::Communicator& comm, const CandidateFeatures& candidates,
                                      const CandidatePool& pool, const learn::Ensemble& ensemble,
                                      const parallel::DeviceBinding& device);

/// What a training set says without a model: the class of the nearest training composition (element-mover
/// distance), nearer conductors first and nearer non-conductors last. Collective; complete on every rank.
Ranking rank_by_nearest(const parallel::Communicator& comm, const CandidatePool& pool,
                        const std::vector<crystal::Composition>& trained, const std::vector<int>& label);

/// dataset::rule_of_thumb.
Ranking rank_by_rule(const CandidatePool& pool);

/// Barriers in three dimensions by id of structure, the lowest of a composition's structures first.
Ranking rank_by_barrier(const CandidatePool& pool, const std::unordered_map<std::string, double>& barrier);

/// The mean of the ranks of several rankings of one pool.
Ranking mean_of_ranks(std::string name, const std::vector<Ranking>& rankings);

/// One ranking of a scenario, and what it would have found.
struct RankedOutcome {
  std::string ranking;
  Recovery recovery;
};

/// What a scenario gives; `outcome` is nothing where a composition was known.
struct ScenarioResult {
  Scenario scenario;
  std::size_t trained = 0, trained_superionic = 0; ///< labels, with and without structure
  std::size_t known = 0;                           ///< compositions that were known already
  std::size_t in_test_set = 0;                 ///< of those found superionic later, entries in the test set
  std::vector<std::optional<Outcome>> outcome; ///< [compositions of the pool]
  std::vector<Ranking> rankings;
  std::vector<RankedOutcome> results; ///< [rankings]
};

/// Outcomes of a pool, and results of its rankings. A composition is known where one of its structures is, or
/// where it is within `tolerance` of a composition that was trained on. The result is without `results` where
/// nothing was found superionic later.
ScenarioResult look_back(const Scenario& scenario, const CandidatePool& pool,
                         const std::unordered_map<std::string, dataset::KnownCompound>& known,
                         const std::vector<crystal::Composition>& trained, double tolerance,
                         std::vector<Ranking> rankings, const learn::Resampling& resampling);

} // namespace ionsift::screen
