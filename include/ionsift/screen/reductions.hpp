// SPDX-License-Identifier: BSD-3-Clause
// Reductions of all rows to rank 0: counts, histograms and the best rows. Nothing here grows with their
// number, and nothing depends on which rank had which row: sums are of whole numbers.
#pragma once

#include "ionsift/parallel/communicator.hpp"
#include "ionsift/screen/candidate.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace ionsift::screen {

/// How many rows each filter dropped.
struct Funnel {
  std::uint64_t structures = 0;
  std::array<std::uint64_t, most_filters> dropped{}; ///< rows dropped by each of all_filters, in order
  std::uint64_t kept = 0;
};

/// Counts in bins of equal width over [low, high]; the last bin holds `high` too.
class Histogram {
public:
  Histogram(double low, double high, std::size_t bins);
  /// NaN is counted apart.
  void add(double value);
  void sum(const parallel::Communicator& comm); ///< over the ranks; collective

  double low() const { return low_; }
  double high() const { return high_; }
  double width() const { return (high_ - low_) / static_cast<double>(bins()); }
  std::size_t bins() const { return counts_.size() - 3; }
  std::uint64_t count(std::size_t bin) const { return counts_[bin]; }
  std::uint64_t below() const { return counts_[bins()]; }
  std::uint64_t above() const { return counts_[bins() + 1]; }
  std::uint64_t unknown() const { return counts_[bins() + 2]; }
  std::uint64_t known() const; ///< all but the unknown ones

  /// The same with `bins` bins, which divide these.
  Histogram coarser(std::size_t bins) const;
  /// The middle of the bin that holds the value below which this share of the known ones lies: at most half a
  /// width wrong. `low` or `high` where it lies outside, NaN where nothing is known.
  double quantile(double share) const;

private:
  double low_, high_;
  std::vector<std::uint64_t> counts_; ///< bins, below, above, unknown
};

/// How far predicted gaps are from known ones, over structures that have both.
class GapErrors {
public:
  void add(double predicted, double known);
  void sum(const parallel::Communicator& comm); ///< collective
  std::uint64_t count() const { return static_cast<std::uint64_t>(sums_[0]); }
  double mean_absolute() const; ///< eV, NaN where there is none
  double bias() const;          ///< mean of predicted - known, eV

private:
  std::array<std::int64_t, 3> sums_{}; ///< number, sums of |error| and error in microelectronvolt
};

/// A row's place among the kept ones.
struct Rank {
  double probability = 0;
  std::string id;
  std::uint64_t index = 0;

  /// Better ones first: P_SI falling, then id, then position in the store.
  bool operator<(const Rank& other) const;
};

/// The best rows, at most a given number of them.
class TopRows {
public:
  explicit TopRows(std::uint64_t most) : most_(most) {}
  void add(Rank rank);
  /// The best of all ranks, best first, on rank 0 (empty elsewhere); collective. Pairs of ranks merge theirs,
  /// then pairs of pairs, so that none ever holds more than twice the requested number.
  std::vector<Rank> merge(const parallel::Communicator& comm);

private:
  void shrink();

  std::uint64_t most_;
  std::vector<Rank> rows_;
};

/// All of it.
struct Reductions {
  Funnel funnel;
  std::uint64_t copied = 0; ///< rows whose prediction was taken over
  std::uint64_t gaps_known = 0, gaps_predicted = 0;
  GapErrors gap_errors;
  Histogram ordered{0, 1, 10000};    ///< P_SI of ordered structures
  Histogram disordered{0, 1, 10000}; ///< P_SI of disordered ones
  Histogram band_gap{0, 20, 20000};  ///< eV, as the filter sees it
  Histogram d_training{0, 20, 20000};

  void add(const Candidate& row);
  void sum(const parallel::Communicator& comm); ///< collective; complete on every rank
};

} // namespace ionsift::screen
