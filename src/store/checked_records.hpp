// Records read back and compared with their checksums.
#pragma once

#include "ionsift/store/reader.hpp"

namespace ionsift::store {

struct CheckedRecord {
  StructureRecord record;
  std::string damage; ///< empty where all checksums agree
};

/// @throws Error where the range cannot be read at all
std::vector<CheckedRecord> read_checked(const Reader& reader, std::uint64_t first, std::uint64_t count);

/// Compares a stored checksum with the one computed. @throws Error data
void require_sum(std::uint64_t stored, std::uint64_t computed, const std::string& what);

} // namespace ionsift::store
