// SPDX-License-Identifier: BSD-3-Clause
// A check of parallel HDF5 with this file system and MPI.
#pragma once

#include "ionsift/parallel/communicator.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ionsift::store {

struct IoCheck {
  std::string refused;      ///< why rank 0 cannot write in the folder; empty: it can. Else nothing follows
  std::vector<int> blind;   ///< ranks that do not see what rank 0 has written there; the same
  std::uint64_t values = 0; ///< written, 4 bytes each
  std::uint64_t wrong = 0;  ///< read back otherwise than they were written
  double write_seconds = 0; ///< from creating to closing the file
  double read_seconds = 0;

  bool passed() const { return refused.empty() && blind.empty() && wrong == 0; }
};

/// Writes a file in `folder` as stores are written: all ranks together, into a chunked dataset that grows,
/// with shares that begin and end inside chunks. Then every rank reads what the next one has written, and the
/// file is removed. Collective; the same answer on every rank.
/// @param values of each rank  @throws Error io when MPI or HDF5 fail in it
IoCheck check_parallel_io(const parallel::Communicator& comm, const std::filesystem::path& folder,
                          std::uint64_t values);

} // namespace ionsift::store
