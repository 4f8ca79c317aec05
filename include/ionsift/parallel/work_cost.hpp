// SPDX-License-Identifier: BSD-3-Clause
// The cost of work on all ranks.
#pragma once

#include "ionsift/parallel/communicator.hpp"

#include <cstdint>

namespace ionsift::parallel {

struct WorkCost {
  double seconds = 0; ///< from its start to the end of the last rank
  int ranks = 1;
  std::uint64_t items = 0; ///< items finished by all ranks
  double busiest = 0;      ///< seconds of work of the busiest rank
  double mean = 0;         ///< mean seconds of work of a rank

  /// Items a second; 0 without items.
  double rate() const { return seconds > 0 ? static_cast<double>(items) / seconds : 0; }
  /// Busiest rank over mean: 1 for perfect balance, or without work.
  double imbalance() const { return mean > 0 ? busiest / mean : 1; }
};

/// Collective; the same on every rank.
/// @param seconds since the work began  @param items, busy items of this rank, and their seconds
WorkCost sum_up(const Communicator& comm, double seconds, std::uint64_t items, double busy);

} // namespace ionsift::parallel
