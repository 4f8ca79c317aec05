// SPDX-License-Identifier: BSD-3-Clause
// HDF5 on MPI-IO.
#pragma once

#include "ionsift/base/hdf5.hpp"
#include "ionsift/parallel/communicator.hpp"

#include <filesystem>

namespace ionsift::store {

/// Access for a file that all ranks of `comm` open and write together, each transfer collectively. MPI-IO is
/// used for a single rank too, because then the file has the same bytes for any number of ranks; serial
/// where there is no MPI behind `comm`.
h5::Access collective_access(const parallel::Communicator& comm);

/// Hands what every node has written of a file to the disk: syncing it on one of them would leave what others
/// hold in memory. Collective. @throws Error io
void sync_on_all_nodes(const parallel::Communicator& comm, const std::filesystem::path& path);

} // namespace ionsift::store
