// SPDX-License-Identifier: BSD-3-Clause
// Complete rows of consecutive structures, by one rank.
#pragma once

#include "ionsift/screen/band_gap.hpp"
#include "ionsift/screen/screening.hpp"

#include "previous.hpp"
#include "training_set.hpp"
#include "unfinished.hpp"

#include <optional>
#include <unordered_map>
#include <vector>

namespace ionsift::screen {

/// Everything that stays the same while a store is screened; on every rank.
struct Inputs {
  store::Reader store;
  learn::Ensemble ensemble;
  TrainingSet training;
  dataset::TrainingDistance distance;
  PropertyTable gaps, hull;
  std::unordered_map<std::string, dataset::KnownCompound> known;
  std::optional<megnet::Parent> gap_parent;
  PredictionKeys keys;
  PreviousPredictions previous;
};

/// Collective.
Inputs load_inputs(const parallel::Communicator& comm, const ScreeningOptions& options);

class RowMaker {
public:
  /// All must outlive it.
  RowMaker(const Inputs& inputs, const ScreeningOptions& options, UnfinishedRows& unfinished);
  /// Facts, prediction, distances, values, gap and verdicts of structures first .. first + count.
  std::vector<Candidate> make(std::uint64_t first, std::uint64_t count);
  std::uint64_t copied() const { return copied_; } ///< predictions that were taken over, so far
  std::uint64_t gap_failures() const { return predict_gap_ ? predict_gap_->failures() : 0; }

private:
  std::vector<Candidate> start(std::uint64_t first, std::uint64_t count) const;
  void predict(std::vector<Candidate>& rows, const std::vector<std::size_t>& positions) const;
  void set_values(Candidate& row, const crystal::Composition& composition) const;
  /// @return whether a gap was predicted
  bool set_gap(Candidate& row, bool needed);

  const Inputs& inputs_;
  const ScreeningOptions& options_;
  UnfinishedRows& unfinished_;
  std::optional<GapPredictor> predict_gap_;
  std::uint64_t copied_ = 0;
};

} // namespace ionsift::screen
