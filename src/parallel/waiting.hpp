// SPDX-License-Identifier: BSD-3-Clause
// Waiting: a waiting rank answers the others and yields its core to working ranks.
#pragma once

#include <mpi.h>

#include <functional>

namespace ionsift::parallel {

/// Returns once `done` returns true. Polls it, with pauses that grow with the time waited from
/// microseconds to about two milliseconds, and answers other ranks in between.
void wait_until(const std::function<bool()>& done);

/// Returns when all ranks of `comm` are here; collective. Before a collective of MPI, so that nobody sits in
/// it, unable to answer requests and occupying a core, while others still compute.
void meet(MPI_Comm comm);

} // namespace ionsift::parallel
