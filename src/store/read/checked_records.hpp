// SPDX-License-Identifier: BSD-3-Clause
// Records read back and compared with their checksums.
#pragma once

#include "ionsift/store/read/reader.hpp"

namespace ionsift::store {

struct CheckedRecord {
  StructureRecord record;
  std::string damage; ///< empty where all checksums agree
};

/// @throws Error where the range cannot be read at all
std::vector<CheckedRecord> read_checked(const Reader& reader, std::uint64_t first, std::uint64_t count);

/// @throws Error data naming the first structure that differs from its checksums, or where the range cannot
/// be read
void require_intact(const Reader& reader, std::uint64_t first, std::uint64_t count);

/// The failures of a store with their places in the input.
std::vector<FailureRecord> failure_records(const Reader& reader);
/// Failures, releases and disappeared ids. @throws Error data naming what differs from its checksum
void require_lists_intact(const Reader& reader);

/// Compares a stored checksum with the one computed. @throws Error data
void require_sum(std::uint64_t stored, std::uint64_t computed, const std::string& what);

} // namespace ionsift::store
