// SPDX-License-Identifier: BSD-3-Clause
// Latency, bandwidth and clock offset between rank 0 and the others.
#pragma once

#include "ionsift/parallel/communicator.hpp"

namespace ionsift::parallel {

/// The link from this rank to rank 0. Zeros on rank 0, without MPI, and on ranks that were not measured.
struct Link {
  double latency_seconds = 0;     ///< half of a short message and its answer, the fastest of some
  double bytes_per_second = 0;    ///< bandwidth of a megabyte sent and returned
  double clock_ahead_seconds = 0; ///< lead over rank 0's clock, within the latency
};

/// Measures one rank after the other, at most some 256 of them that are spread evenly; collective.
Link measure_link(const Communicator& comm);

} // namespace ionsift::parallel
