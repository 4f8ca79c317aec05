// SPDX-License-Identifier: BSD-3-Clause
// Whether a store is what its writer wrote.
#pragma once

#include "ionsift/parallel/communicator.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ionsift::store {

/// Something that is not as it was written.
struct Damage {
  std::string row;    ///< row of structures/, counted from 0; else the place in the file
  std::string id;     ///< id of the structure, if it can be read
  std::string source; ///< likewise
  std::string message;
};

struct Verification {
  std::uint64_t structures = 0;
  std::uint64_t failures = 0;
  std::vector<Damage> damages; ///< on rank 0: of the file first, then of structures in order
  std::uint64_t damaged = 0;   ///< number of damages, on every rank
};

/// Reads all of a store: attributes, completeness, lengths and offsets of the datasets, and the checksums of
/// every structure, failure, release and structure that is gone. Collective; each rank checks a contiguous
/// part of the structures, some hundred at a time.
/// @throws Error missing where there is no store, conflict for schema 1, which has no checksums
Verification verify(const parallel::Communicator& comm, const std::filesystem::path& store);

} // namespace ionsift::store
