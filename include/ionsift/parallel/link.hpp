// SPDX-License-Identifier: BSD-3-Clause
// How rank 0 and the others reach each other.
#pragma once

#include "ionsift/parallel/communicator.hpp"

namespace ionsift::parallel {

/// From this rank to rank 0. Zeros on rank 0, without MPI, and on ranks that were not measured.
struct Link {
  double latency_seconds = 0;     ///< half of a short message and its answer, the fastest of some
  double bytes_per_second = 0;    ///< of a message of a megabyte and its return
  double clock_ahead_seconds = 0; ///< of rank 0's clock, within the latency
};

/// Measures one rank after the other, at most some 256 of them that are spread evenly; collective.
Link measure_link(const Communicator& comm);

} // namespace ionsift::parallel
