// SPDX-License-Identifier: BSD-3-Clause
// How a rank waits: it answers the others, and leaves the core to those who have work.
#pragma once

#include <mpi.h>

#include <functional>

namespace ionsift::parallel {

/// Returns once `done` does. Asks it again and again, with pauses that grow with the time waited from
/// microseconds to about two milliseconds, and answers other ranks in between.
void wait_until(const std::function<bool()>& done);

/// Returns when all ranks of `comm` are here; collective. Before a collective of MPI, so that nobody sits in
/// it, deaf to requests and with a core to itself, while others still compute.
void meet(MPI_Comm comm);

} // namespace ionsift::parallel
