// SPDX-License-Identifier: BSD-3-Clause
// The communicator over MPI. mpi.h stays out, so that communicator.cpp knows nothing of it.
#pragma once

#include "implementation.hpp"

namespace ionsift::parallel {

/// Makes the group of all ranks (a duplicate of MPI_COMM_WORLD, so that no other library's messages mix with
/// ours) and the groups of each node; collective. Environment calls it.
void open_mpi_world();

/// Frees them; collective. Communicators that are still held throw from now on.
void close_mpi_world();

/// @throws Error internal outside an Environment
std::shared_ptr<const Communicator::Implementation> mpi_world();

} // namespace ionsift::parallel
