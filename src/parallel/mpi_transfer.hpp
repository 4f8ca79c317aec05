// SPDX-License-Identifier: BSD-3-Clause
// Transfers of any number of bytes with an interface that counts in int.
#pragma once

#include <mpi.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ionsift::parallel {

using Bytes = std::vector<std::byte>;

/// Overwrites `bytes`, whose length is the same on all ranks, with those of `root`.
void broadcast_in_place(MPI_Comm comm, std::span<std::byte> bytes, int root);

/// The bytes of all ranks in rank order; collective.
Bytes all_gather_ragged(MPI_Comm comm, std::span<const std::byte> bytes);

/// The bytes of all ranks on rank 0, empty elsewhere; collective.
Bytes gather_ragged(MPI_Comm comm, std::span<const std::byte> bytes);

/// Sends counts[r] consecutive bytes to rank r and returns the received bytes in rank order; collective.
Bytes all_to_all_ragged(MPI_Comm comm, std::span<const std::byte> bytes, std::span<const std::size_t> counts);

} // namespace ionsift::parallel
