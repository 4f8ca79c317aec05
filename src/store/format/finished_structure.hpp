// SPDX-License-Identifier: BSD-3-Clause
// A structure of which everything is known but its place in the store.
#pragma once

#include "ionsift/store/format/schema.hpp"

#include "bytes.hpp"
#include "checksums.hpp"

#include <cstdint>
#include <vector>

namespace ionsift::store {

/// A record with what follows from it, which is computed where the record was: index, source and release may
/// still change.
struct FinishedStructure {
  StructureRecord record;
  DerivedFacts facts;
  std::uint64_t checksum = 0;                   ///< checksum of the content
  std::vector<std::uint64_t> feature_checksums; ///< [representations]
};

/// @throws Error internal if the features differ from the provenance, and as require_storable
FinishedStructure finish(StructureRecord record, const Provenance& provenance);

void put_finished(ByteWriter& out, const FinishedStructure& structure);
FinishedStructure get_finished(ByteReader& in);

/// Bytes in the store, about: texts count as if they were all alike, so that structures with the same
/// content have the same weight.
std::uint32_t weight_of(const FinishedStructure& structure);

} // namespace ionsift::store
